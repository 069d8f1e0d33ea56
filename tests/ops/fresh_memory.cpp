#include <xgrad/xgrad.hpp>

#include "support/page_faults.hpp"

using namespace xgrad;

namespace {

using Step = std::function<void()>;
using X = const Tensor&;
using Function = std::function<Tensor(X x, X at)>;

// f of a leaf and of as many numbers below 256, and a sweep.
Step swept(const Function& f, const Shape& shape) {
  return [f, x = randn(shape).requires_grad_(), at = randint(0, 256, shape)] {
    f(x, at).sum().backward();
    Tensor(x).zero_grad();
  };
}

void check(const Shape& shape, const std::vector<std::pair<const char*, Function>>& functions) {
  std::vector<test::Loop> loops;
  for (const auto& [name, f] : functions)
    loops.push_back({name, [f = f, shape] { return swept(f, shape); }});
  test::check_page_faults(loops, 20);
}

Tensor joined(X x, X) {
  const auto parts = split(x, 300, 1);
  return cat({parts[1], parts[3], parts[0]}, 1);
}

Tensor halves(X x, X) {
  const Tensor identity = tensor({{1.F, 0.F, 0.F}, {0.F, 1.F, 0.F}}).unsqueeze(0);
  return grid_sample(x, affine_grid(identity, {1, 4, 128, 64}));
}

}  // namespace

TEST_CASE("ops on several megabytes map no fresh memory when they are repeated", "[ops][memory]") {
  check({1024, 1024}, {{"elementwise", [](X x, X) { return tanh(x * x + 1) / exp(-x) - abs(x); }},
                       {"broadcasting", [](X x, X) { return x * x[0] + x[1]; }},
                       {"sums", [](X x, X) { return x.sum(0) + x.mean(1); }},
                       {"softmax", [](X x, X) { return softmax(x, 1); }},
                       {"cat and split", joined}});
}

TEST_CASE("reductions and norms map no fresh memory when they are repeated", "[ops][memory]") {
  check({256, 1024}, {{"var", [](X x, X) { return var(x, 0); }},
                      {"max", [](X x, X) { return max(x, 0).values; }},
                      {"amax", [](X x, X) { return amax(x, 1); }},
                      {"logsumexp", [](X x, X) { return logsumexp(x, 0); }},
                      {"log_softmax", [](X x, X) { return log_softmax(x, 0); }},
                      {"cumsum", [](X x, X) { return cumsum(x, 0); }},
                      {"cummax", [](X x, X) { return cummax(x, 0).values; }},
                      {"layer_norm", [](X x, X) { return nn::LayerNorm(1 << 18)(x.flatten()); }},
                      {"rms_norm", [](X x, X) { return nn::RMSNorm(1 << 18)(x.flatten()); }}});
}

TEST_CASE("sorting and counting map no fresh memory when they are repeated", "[ops][memory]") {
  check({1 << 16}, {{"sort", [](X x, X) { return sort(x).values; }},
                    {"topk", [](X x, X) { return topk(x, 9).values; }},
                    {"median", [](X x, X) { return median(x); }},
                    {"mode", [](X x, X) { return mode(x).values; }},
                    {"unique", [](X x, X at) { return x * unique(at).size(0); }},
                    {"multinomial", [](X x, X) { return x * multinomial(abs(x.detach()), 1); }}});
}

TEST_CASE("indexing maps no fresh memory when it is repeated", "[ops][memory]") {
  check({256, 512}, {{"slices",
                      [](X x, X) {
                        return x.index({Slice(0, 200, 2), Slice(9)});
                      }},
                     {"rows", [](X x, X) { return x.index({arange(200)}); }},
                     {"elements",
                      [](X x, X at) {
                        return x.index({at, at});
                      }},
                     {"a mask", [](X x, X) { return x.index({x > 0}); }},
                     {"gather", [](X x, X at) { return gather(x, 0, at); }},
                     {"scatter", [](X x, X at) { return scatter(x, 0, at, x.detach()); }},
                     {"take", [](X x, X at) { return take(x, at); }},
                     {"transposed", [](X x, X) { return x.t().contiguous(); }}});
}

TEST_CASE("windows of images map no fresh memory when they are repeated", "[ops][memory]") {
  check({1, 4, 256, 128},
        {{"conv2d",
          [](X x, X) {
            return conv2d(x, full({4, 4, 3, 3}, 0.1));
          }},
         {"max_pool2d", [](X x, X) { return nn::MaxPool2d(2)(x); }},
         {"unfold",
          [](X x, X) {
            return unfold(x, {3, 3}, WindowOptions{.stride = 3});
          }},
         {"grid_sample", halves},
         {"interpolate", [](X x, X) { return interpolate(x, {.scale_factor = {0.5}}); }}});
}
