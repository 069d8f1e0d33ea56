#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::leaf;
using test::same_bits;
using test::throws;

namespace {

struct Weights {
  Tensor first = leaf({4, 8}, -1, 1, 1), second = leaf({8, 3}, -1, 1, 2);
};

// Two layers with dropout, checkpointed or not; gradients of x and the weights.
std::vector<Tensor> gradients(bool checkpointed, bool restricted = false) {
  const Weights w;
  const Tensor x = leaf({5, 4}, -1, 1, 3);
  const auto block = [&](const Tensor& t) { return dropout(tanh(matmul(t, w.first)), 0.5, true); };
  manual_seed(11);
  const Tensor start = x * 2;
  const Tensor h = checkpointed ? checkpoint(block, start) : block(start);
  const Tensor noise = randn({5, 3}, {.dtype = float64});
  const Tensor loss = (matmul(h, w.second) * noise).sum();
  if (restricted) return grad(loss, {w.first, x});
  loss.backward();
  return {w.first.grad(), x.grad(), w.second.grad(), loss.detach()};
}

}  // namespace

TEST_CASE("a checkpoint gives the same bits, dropout and captured weights included",
          "[graph][checkpoint]") {
  for (const bool restricted : {false, true}) {
    const auto plain = gradients(false, restricted), again = gradients(true, restricted);
    REQUIRE(plain.size() == again.size());
    for (std::size_t i = 0; i < plain.size(); ++i) CHECK(same_bits(again[i], plain[i]));
  }
}

TEST_CASE("a checkpoint keeps its inputs only, and runs once more for the sweep",
          "[graph][checkpoint]") {
  const Tensor x = leaf({1000}, -1, 1, 4);
  int runs = 0;
  const auto f = [&](const Tensor& t) {
    ++runs;
    return sin(exp(cos(exp(sin(t)))));
  };
  const auto kept = [&](bool checkpointed) {
    const std::size_t before = memory_stats().current;
    const Tensor y = checkpointed ? checkpoint(f, x) : f(x);
    return memory_stats().current - before;
  };
  CHECK(kept(true) < 2 * 8000);
  CHECK(kept(false) > 3 * 8000);
  runs = 0;
  const Tensor y = checkpoint(f, x);
  CHECK(runs == 1);
  y.sum().backward();
  CHECK(runs == 2);
}

TEST_CASE("checkpoints nest, have several results, and any order of derivatives",
          "[graph][checkpoint]") {
  const Tensor x = leaf({3}, 0.5, 1.5, 5), w = leaf({3}, 0.5, 1.5, 6);
  const auto inner = [&](const Tensor& t) { return t * t * w; };
  const auto f = [&](const Tensor& t) {
    return sin(checkpoint(inner, t)) * checkpoint([](const Tensor& u) { return exp(u); }, t);
  };
  CHECK(gradcheck([&](const Tensor& t) { return checkpoint(f, t); }, {x}));
  CHECK(gradgradcheck([&](const Tensor& t) { return checkpoint(f, t); }, {x}));
  const auto both = checkpoint(
      [](const Tensor& a, const Tensor& b) {
        return std::vector<Tensor>{a * b, a + b};
      },
      x, w);
  CHECK(test::all_close(grad(both[0].sum() + (both[1] * x).sum(), w)[0], 2 * x.detach(), 1e-14));
  const Tensor h = hessian([&](const Tensor& t) { return checkpoint(f, t).sum(); }, x.detach());
  CHECK(test::all_close(
      h, hessian([&](const Tensor& t) { return (sin(inner(t)) * exp(t)).sum(); }, x.detach()),
      1e-12));
}

TEST_CASE("a checkpoint notices what has changed since", "[graph][checkpoint]") {
  Tensor w = ones({2}, {.requires_grad = true});
  w.set_name("w");
  const Tensor x = ones({2}, {.requires_grad = true});
  const Tensor y = checkpoint([&](const Tensor& t) { return t * w; }, x);
  w.assign(zeros({2}));
  CHECK(throws<GraphError>([&] { y.sum().backward(); }, {"checkpoint", "'w'", "checkpoint.cpp"}));
  CHECK(!x.grad().defined());
}

TEST_CASE("without gradients a checkpoint is a call", "[graph][checkpoint]") {
  const NoGrad guard;
  const Tensor x = ones({2}, {.requires_grad = true});
  CHECK(!checkpoint([](const Tensor& t) { return t * 2; }, x).requires_grad());
  const EnableGrad again;
  CHECK(!checkpoint([](const Tensor& t) { return t * 2; }, ones({2})).requires_grad());
}

TEST_CASE("a checkpoint's second run has to give what the first gave", "[graph][checkpoint]") {
  const Tensor x = ones({2}, {.requires_grad = true});
  const auto refused = [&](const std::function<std::vector<Tensor>(const Tensor&, bool)>& f,
                           std::initializer_list<std::string> words) {
    bool again = false;
    const auto y = checkpoint([&](const Tensor& t) { return f(t, std::exchange(again, true)); }, x);
    const test::Verdict verdict = throws<GraphError>([&] { (y[0] * 1.0).sum().backward(); }, words);
    return verdict && !x.grad().defined();
  };
  using List = std::vector<Tensor>;
  CHECK(refused([](const Tensor& t, bool again) { return again ? List{} : List{t * 2}; },
                {"checkpoint", "1 results", "0 when"}));
  CHECK(refused(
      [](const Tensor& t, bool again) {
        return again ? List{t, t} : List{t * 2};
      },
      {"checkpoint", "2 when", "checkpoint.cpp"}));
  CHECK(refused([](const Tensor& t, bool again) { return again ? List{t.sum()} : List{t * 2}; },
                {"checkpoint", "result 0", "[2] float32", "[] float32"}));
  CHECK(
      refused([](const Tensor& t, bool again) { return again ? List{t.to(float64)} : List{t * 2}; },
              {"checkpoint", "float64"}));
  CHECK(refused([](const Tensor& t, bool again) { return again ? List{Tensor()} : List{t * 2}; },
                {"checkpoint", "undefined"}));
  CHECK(refused([](const Tensor& t, bool again) { return again ? List{ones({2})} : List{t * 2}; },
                {"checkpoint", "without history"}));
}

TEST_CASE("a checkpoint of no results gives none", "[graph][checkpoint]") {
  const Tensor x = ones({2}, {.requires_grad = true});
  CHECK(checkpoint([](const Tensor&) { return std::vector<Tensor>(); }, x).empty());
}
