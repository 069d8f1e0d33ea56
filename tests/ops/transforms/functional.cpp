// Derivatives of plain functions, one inside another.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;
using test::leaf;
using test::throws;
using test::uniform;

namespace {

const TensorOptions f64{.dtype = float64};

// y[i] = sum over j of a[i][j] sin(x[j]) x[i], whose derivatives can be written down.
const Tensor a = uniform({3, 3}, -1, 1, 3).detach();
Tensor mixed(const Tensor& x) { return matmul(a, sin(x)) * x; }
Tensor mixed_jacobian(const Tensor& x) {
  return a * unsqueeze(x, 1) * cos(x) + diag(matmul(a, sin(x)));
}
Tensor cubic(const Tensor& x, const Tensor& w) { return sum(x * x * w) + prod(w); }

}  // namespace

TEST_CASE("products with the Jacobian are products with the Jacobian", "[functional]") {
  const Tensor x = uniform({3}, -1, 1, 5).detach(), v = uniform({3}, -1, 1, 6).detach();
  const Tensor j = mixed_jacobian(x);
  CHECK(all_close(jacobian(mixed, x), j, 1e-14));
  const auto [value, forward] = jvp(mixed, x, v);
  CHECK(all_close(value[0], mixed(x), 1e-15));
  CHECK(all_close(forward[0], matmul(j, v), 1e-14));
  CHECK(all_close(vjp(mixed, x, v).products[0], matmul(v, j), 1e-14));
  CHECK(!forward[0].requires_grad());
}

TEST_CASE("second derivatives are symmetric, and hvp is their product", "[functional]") {
  const Tensor x = uniform({4}, -1, 1, 7).detach(), v = uniform({4}, -1, 1, 8).detach();
  const auto f = [](const Tensor& t) { return sum(exp(t)) * sum(t * t * t) + prod(t); };
  const Tensor h = hessian(f, x);
  CHECK(all_close(h, h.t(), 1e-14));
  CHECK(all_close(hvp(f, x, v).products[0], matmul(h, v), 1e-13));
  CHECK(all_close(
      h, jacobian([&](const Tensor& t) { return value_and_grad(f, t).gradients[0]; }, x), 1e-14));
}

TEST_CASE("several inputs and outputs have a block for each pair", "[functional]") {
  const Tensor x = uniform({3}, -1, 1, 9).detach(), w = uniform({3}, 1, 2, 10).detach();
  const auto blocks = hessian(cubic, {x, w});
  CHECK(all_close(blocks[0][0], diag(2 * w), 1e-14));
  CHECK(all_close(blocks[0][1], diag(2 * x), 1e-14));
  CHECK(all_close(blocks[1][0], diag(2 * x), 1e-14));
  const auto both = [](const Tensor& p, const Tensor& q) {
    return std::vector<Tensor>{p * q, sum(p)};
  };
  const auto j = jacobian(both, {x, w});
  CHECK(all_close(j[0][0], diag(w), 1e-15));
  CHECK(all_close(j[1][0], ones({3}, f64), 1e-15));
  CHECK(all_close(j[1][1], zeros({3}, f64), 1e-15));
  const auto [values, products] = jvp(both, {x, w}, {w, x});
  CHECK(all_close(products[0], w * w + x * x, 1e-15));
  CHECK(all_close(products[1], sum(w), 1e-15));
}

TEST_CASE("a batch's Jacobians are those of its rows", "[functional]") {
  const Tensor x = uniform({5, 3}, -1, 1, 11).detach();
  const auto f = [](const Tensor& rows) { return matmul(sin(rows), a.t()) * rows; };
  const Tensor all = batch_jacobian(f, x);
  REQUIRE(all.shape() == Shape{5, 3, 3});
  for (int i = 0; i < 5; ++i) CHECK(all_close(all[i], mixed_jacobian(x[i].detach()), 1e-14));
  CHECK(throws<ShapeError>([&] { batch_jacobian([](const Tensor& t) { return t.sum(); }, x); },
                           {"batch_jacobian", "[5, 3]", "[]"}));
}

TEST_CASE("functions of functions differentiate through", "[functional]") {
  const auto f = [](const Tensor& x) { return sum(sin(x) * x * x); };
  const auto slope = [&](const Tensor& x) { return value_and_grad(f, x).gradients[0]; };
  const auto bend = [&](const Tensor& x) { return sum(square(slope(x))); };  // |f'|^2
  CHECK(gradcheck(slope, {uniform({3}, -1, 1, 12)}));
  CHECK(gradcheck(bend, {uniform({3}, -1, 1, 13)}));
  const auto energy = [&](const Tensor& x) { return hvp(f, x, x.detach()).products[0]; };
  CHECK(gradcheck([&](const Tensor& x) { return jvp(slope, x, ones({3}, f64)).products[0]; },
                  {uniform({3}, -1, 1, 14)}));
  CHECK(energy(leaf({3}, -1, 1, 15)).requires_grad());
  // A gradient inside, by grad itself.
  const auto penalty = [](const Tensor& x, const Tensor& w) {
    const Tensor y = sum(tanh(x * w));
    return sum(square(grad(y, x, {.create_graph = true})[0]));
  };
  const Tensor x = leaf({3}, -1, 1, 16), w = leaf({3}, -1, 1, 17);
  CHECK(gradcheck([&](const Tensor& q) { return penalty(x, q); }, {w}));
}

TEST_CASE("derivatives work without recording, and leave no trace", "[functional]") {
  const Tensor w = leaf({2}, -1, 1, 18);
  const Tensor x = uniform({2}, -1, 1, 19).detach();
  const auto f = [&](const Tensor& t) { return sum(t * t * w); };
  {
    const NoGrad guard;
    CHECK(all_close(value_and_grad(f, x).gradients[0], 2 * x * w, 1e-15));
    CHECK(all_close(hessian(f, x), diag(2 * w), 1e-15));
  }
  CHECK(!w.grad().defined());
  CHECK(!jacobian(f, x).requires_grad());
  CHECK(jacobian(f, x, {.create_graph = true}).requires_grad());
}

TEST_CASE("what does not fit is refused by name", "[functional]") {
  const Tensor x = ones({3}, f64);
  const auto f = [](const Tensor& t) { return t * 2; };
  CHECK(throws<ShapeError>([&] { hessian(f, x); }, {"hessian", "[3]", "one element"}));
  CHECK(throws<ShapeError>([&] { vjp(f, x, ones({2}, f64)); }, {"vjp", "outputs", "[3]"}));
  CHECK(throws<ShapeError>([&] { jvp(f, x, {x, x}); }, {"jvp", "inputs"}));
  CHECK(throws<DTypeError>([&] { jacobian(f, tensor({1, 2})); }, {"jacobian", "int64"}));
  const Tensor none = jacobian([](const Tensor&) { return ones({2}, f64); }, x);
  CHECK(all_close(none, zeros({2, 3}, f64), 0));
  CHECK(jacobian(f, zeros({0}, f64)).shape() == Shape{0, 0});
}

TEST_CASE("gradients follow loops, recursion and branches as they were taken",
          "[functional][control]") {
  const std::function<Tensor(const Tensor&, int)> power = [&](const Tensor& x, int n) -> Tensor {
    if (n == 0) return ones_like(x.detach());
    const Tensor half = power(x, n / 2);
    return n % 2 == 0 ? half * half : half * half * x;
  };
  const Tensor x = leaf({4}, 0.5, 1.5, 20);
  CHECK(all_close(grad(power(x, 11).sum(), x)[0], 11 * pow(x.detach(), 10), 1e-12, 1e-12));

  const auto newton = [](const Tensor& y) {  // the cube root, as long as it takes
    Tensor root = ones_like(y);
    while (amax(abs(root * root * root - y)).item<double>() > 1e-15)
      root = root - (root * root * root - y) / (3 * root * root);
    return root;
  };
  CHECK(gradcheck(newton, {uniform({3}, 1, 3, 21)}));
  CHECK(gradgradcheck(newton, {uniform({3}, 1, 3, 21)}));

  const auto collatz = [](const Tensor& y) {  // branches on values
    Tensor v = y;
    for (int step = 0; step < 6; ++step)
      v = std::fmod(std::floor(v.item<double>()), 2) == 0 ? v * 0.5 : v * 3 + 1;
    return v;
  };
  CHECK(gradcheck(collatz, {full({}, 6.3, f64).requires_grad_()}));
  CHECK(gradcheck([](const Tensor& t) { return where(t.detach() > 0, sin(t), t * t); },
                  {uniform({6}, -2, 2, 22)}));
}

TEST_CASE("gradients can be scaled, flipped and stopped on their way", "[ops][gradient]") {
  const Tensor x = leaf({3}, -1, 1, 23);
  const auto through = [&](const Tensor& y) {
    return y.requires_grad() ? grad((y * y).sum(), x, {.allow_unused = true})[0] : Tensor();
  };
  const Tensor plain = through(x * 1);
  CHECK(all_close(through(scale_gradient(x, 0.25)), plain * 0.25, 1e-15));
  CHECK(all_close(through(flip_gradient(x)), -plain, 1e-15));
  CHECK(!stop_gradient(x).requires_grad());
  CHECK(test::same_bits(scale_gradient(x, 0.25).detach(), x.detach()));
  const Tensor rounded = x + (round(x) - x).detach();  // straight through
  CHECK(all_close(grad(rounded.sum(), x)[0], ones({3}, f64), 0));
}
