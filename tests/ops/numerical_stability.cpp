// Finite and right where numbers are large, small, equal or zero: forward and backward.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;

namespace {

const TensorOptions wanted{.dtype = float64, .requires_grad = true};
Tensor f64(const std::vector<double>& v) { return tensor(v); }

struct Result {
  Tensor value, gradient;
};
template <class F>
Result of(F f, const std::vector<double>& x) {
  Tensor leaf = tensor(x).requires_grad_();
  const Tensor y = f(leaf);
  y.sum().backward();
  return {y.detach(), leaf.grad()};
}

}  // namespace

TEST_CASE("softmax and its logarithm stand any scores", "[ops][numerical_stability]") {
  const auto [y, g] = of([](const Tensor& x) { return log_softmax(x, 0); }, {1e4, -1e4, 1e4});
  CHECK(all_close(y, f64({-std::log(2.0), -2e4 - std::log(2.0), -std::log(2.0)}), 1e-12));
  CHECK(all_close(g, f64({-0.5, 1, -0.5}), 1e-12));
  CHECK(all_close(softmax(f64({1e300, 0}), 0), f64({1, 0}), 0));
  CHECK(all_close(logsumexp(f64({-1e300, -1e300}), 0), f64({-1e300}).sum(), 0));
  const Tensor scores = tensor({{1e4, -1e4}}, wanted);
  const Tensor loss = cross_entropy(scores, tensor({1}));
  loss.backward();
  CHECK(loss.item<double>() == 2e4);
  CHECK(all_close(scores.grad(), tensor({{1., -1.}}, {.dtype = float64}), 1e-15));
}

TEST_CASE("softplus and its kin stand large arguments", "[ops][numerical_stability]") {
  const auto [y, g] =
      of([](const Tensor& x) { return softplus(x, 1, 1e9); }, {-800, -40, 0, 40, 800});
  CHECK(all_close(y, f64({0, std::exp(-40.0), std::log(2.0), 40, 800}), 1e-14, 1e-14));
  CHECK(all_close(g, f64({0, std::exp(-40.0), 0.5, 1, 1}), 1e-16, 1e-14));
  CHECK(all_close(of([](const Tensor& x) { return logsigmoid(x); }, {-800, 800}).value,
                  f64({-800, 0}), 0));
  const Result s = of(
      [](const Tensor& x) {
        return binary_cross_entropy_with_logits(x, f64({1, 0}));
      },
      {-800, 800});
  CHECK(all_close(s.value, f64({800}).sum(), 0));
  CHECK(all_close(s.gradient, f64({-0.5, 0.5}), 0));
  CHECK(all_close(log1p(f64({1e-18})), f64({1e-18}), 0));
  CHECK(all_close(logaddexp(f64({-INFINITY}), f64({-INFINITY})), f64({-INFINITY}), 0));
}

TEST_CASE("powers, products, deviations and norms stand zeros", "[ops][numerical_stability]") {
  const Result p = of([](const Tensor& x) { return pow(x, 0); }, {0});
  CHECK(all_close(p.value, f64({1}), 0));
  CHECK(all_close(p.gradient, f64({0}), 0));
  CHECK(all_close(of([](const Tensor& x) { return pow(x, 1); }, {0}).gradient, f64({1}), 0));
  CHECK(all_close(of([](const Tensor& x) { return pow(x, 2.5); }, {0}).gradient, f64({0}), 0));
  CHECK(all_close(of([](const Tensor& x) { return pow(f64({0}), x); }, {2}).gradient, f64({0}), 0));
  CHECK(all_close(of([](const Tensor& x) { return prod(x); }, {2, 0, 3}).gradient, f64({0, 6, 0}),
                  0));
  CHECK(all_close(of([](const Tensor& x) { return prod(x); }, {0, 0, 3}).gradient, f64({0, 0, 0}),
                  0));
  CHECK(all_close(of([](const Tensor& x) { return cumprod(x, 0); }, {2, 0, 3}).gradient,
                  f64({1, 8, 0}), 0));
  CHECK(all_close(of([](const Tensor& x) { return xgrad::std(x); }, {3, 3, 3}).gradient,
                  f64({0, 0, 0}), 0));
  CHECK(all_close(of([](const Tensor& x) { return norm(x); }, {0, 0}).gradient, f64({0, 0}), 0));
  CHECK(all_close(of([](const Tensor& x) { return normalize(x, {.dim = 0}); }, {0, 0}).value,
                  f64({0, 0}), 0));
  CHECK(all_close(
      of([](const Tensor& x) { return pairwise_distance(x, x.detach() + 0.0); }, {1, 2}).value,
      full({}, std::sqrt(2e-12), {.dtype = float64}), 1e-15));
}

TEST_CASE("long sums and means keep their digits", "[ops][numerical_stability]") {
  const Tensor tenth = full({10000000}, 0.1F);
  const double exact = 1e7 * double(0.1F);
  CHECK(std::abs(tenth.sum().item<double>() / exact - 1) < 1e-6);
  CHECK(std::abs(tenth.mean().item<double>() / double(0.1F) - 1) < 1e-6);
  CHECK(std::abs(sum(reshape(tenth, {10, 1000000}), 1)[3].item<double>() / (exact / 10) - 1) <
        1e-6);
  CHECK(std::abs(sum(reshape(tenth, {1000000, 10}), 0)[3].item<double>() / (exact / 10) - 1) <
        1e-6);
  const Tensor far = arange(4).to(float32) + 1e6F;  // a variance around a large mean
  CHECK(std::abs(var(far).item<double>() - 5.0 / 3) < 1e-6);
}

TEST_CASE("types mix by PyTorch's rules", "[ops][dtype]") {
  const Tensor i = tensor({1, 2}), f = tensor({1.5F, 2.5F}),
               d = tensor({1.5, 2.5}, {.dtype = float64}), b = tensor({true, false});
  CHECK((i + f).dtype() == float32);
  CHECK((i + 1.5).dtype() == float32);
  CHECK((f + d).dtype() == float64);
  CHECK((f + tensor(2.0, {.dtype = float64})).dtype() == float32);
  CHECK((b + i).dtype() == int64);
  CHECK((i / i).dtype() == float32);
  CHECK(div(i, i, "floor").dtype() == int64);
  CHECK(remainder(tensor({-3, 3}), 2).dtype() == int64);
  CHECK(test::same_bits(remainder(tensor({-3, 3}), 2), tensor({1, 1})));
  CHECK(test::same_bits(div(tensor({-3, 3}), 2, "floor"), tensor({-2, 1})));
  CHECK(test::same_bits(div(tensor({-3, 3}), 2, "trunc"), tensor({-1, 1})));
  CHECK(lgamma(i).dtype() == float32);
  CHECK(float_power(i, 2).dtype() == float64);
  CHECK(cumprod(tensor({2, 3}), 0).dtype() == int64);
  CHECK(bitwise_xor(tensor({6}), 3).item<int>() == 5);
  CHECK(test::same_bits(logical_xor(b, true), tensor({false, true})));
  CHECK(test::same_bits(heaviside(tensor({-1.0, 0.0, 2.0}), 0.5), tensor({0.0, 0.5, 1.0})));
}
