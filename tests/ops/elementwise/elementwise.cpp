#include <cmath>
#include <limits>

#include <xgrad/ops/pointwise.hpp>
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("a derivative that is zero by construction is never multiplied", "[ops][grad]") {
  Tensor x = tensor(inf, {.dtype = float64, .requires_grad = true}),
         y = tensor(2.0, {.dtype = float64, .requires_grad = true});
  (x * y).backward();
  CHECK(x.grad().item<double>() == 2);
  CHECK(y.grad().item<double>() == inf);
}

TEST_CASE("kinks have PyTorch's gradients", "[ops][grad]") {
  Tensor x = tensor({-1., 0., 2., not_a_number}, {.dtype = float64, .requires_grad = true});
  relu(x).sum().backward();
  CHECK(test::all_close(x.grad(), tensor({0., 0., 1., 1.}), 0));
  x.zero_grad();
  abs(x).sum().backward();
  CHECK(x.grad().data<double>()[0] == -1);
  CHECK(x.grad().data<double>()[1] == 0);
}

TEST_CASE("operands promote by PyTorch's rules", "[ops]") {
  const Tensor f = ones({2}), d = ones({2}, {.dtype = float64}), i = ones({2}, {.dtype = int64}),
               b = tensor({true, false}), d0 = tensor(2.0, {.dtype = float64}), i0 = tensor(2);
  CHECK((f + d).dtype() == float64);
  CHECK((f + i).dtype() == float32);
  CHECK((i + b).dtype() == int64);
  CHECK((f + d0).dtype() == float32);  // 0-d counts by kind only
  CHECK((i + d0).dtype() == float64);
  CHECK((i0 + d0).dtype() == float64);
  CHECK((i + 2).dtype() == int64);
  CHECK((i + 2.5).dtype() == float32);
  CHECK((d + 2.5).dtype() == float64);
  CHECK((d0 * 2).dtype() == float64);
  CHECK((i / 2).dtype() == float32);
  CHECK((2 / i).data<float>()[0] == 2);
  CHECK(exp(i).dtype() == float32);
  CHECK(relu(i - 3).dtype() == int64);
  CHECK(test::same_bits(tensor({1, 2, 3}) * tensor({{2}, {3}}), tensor({{2, 4, 6}, {3, 6, 9}})));
  const std::int64_t large = (std::int64_t{1} << 53) + 1;
  CHECK((tensor(large) + 1).item<std::int64_t>() == large + 1);
  CHECK(eq(tensor(large), large).item<bool>());
}

TEST_CASE("comparisons give bools, choose, and carry no gradient", "[ops]") {
  Tensor x = tensor({1., 2., 3.}, {.requires_grad = true});
  CHECK(test::same_bits(x > 2, tensor({false, false, true})));
  CHECK(test::same_bits(x >= 2, tensor({false, true, true})));
  CHECK(test::same_bits(x < 2, tensor({true, false, false})));
  CHECK(test::same_bits(x <= 2, tensor({true, true, false})));
  CHECK(test::same_bits(x == 2, tensor({false, true, false})));
  CHECK(test::same_bits(x != 2, tensor({true, false, true})));
  CHECK(test::same_bits(2 < x, x > 2));
  CHECK(test::same_bits(logical_and(x > 1, x < 3), tensor({false, true, false})));
  CHECK(test::same_bits(logical_or(x<2, x> 2), tensor({true, false, true})));
  CHECK(test::same_bits(logical_not(x > 2), x <= 2));
  CHECK(!(x > 2).requires_grad());
  CHECK(test::same_bits(tensor(not_a_number) == tensor(not_a_number), tensor(false)));
  CHECK((tensor({{1}, {2}}) == tensor({1, 2})).shape() == Shape{2, 2});
  const Tensor y = where(x > 1, x, -1);
  y.sum().backward();
  CHECK(test::same_bits(y.detach(), tensor({-1., 2., 3.})));
  CHECK(test::same_bits(x.grad(), tensor({0., 1., 1.})));
}

TEST_CASE("every length gives the bits of single elements", "[ops][pointwise]") {
  const DType dtype = GENERATE(float32, float64);
  const Tensor x = test::uniform({70}, -3, 3, 5, dtype);
  dispatch_floating(dtype, [&]<class T>() {
    for (std::int64_t n = 1; n <= 70; ++n) {
      const Tensor part = tensor(std::span<const T>(x.data<T>(), static_cast<std::size_t>(n)));
      const Tensor y = tanh(part) * sigmoid(part);
      for (std::int64_t i = 0; i < n; ++i) {
        const Tensor one = tensor(std::span<const T>(x.data<T>() + i, 1));
        const T alone = (tanh(one) * sigmoid(one)).template item<T>();
        if (y.data<T>()[i] != alone) FAIL("element " << i << " of " << n << " differs");
      }
    }
  });
  SUCCEED();
}

TEST_CASE("broadcasting equals repeating first", "[ops][pointwise]") {
  const std::pair<Shape, Shape> shapes[] = {
      {{40, 1, 50}, {30, 1}},       {{1000, 70}, {70}}, {{1000, 70}, {1000, 1}}, {{70}, {1}},
      {{3, 1, 5, 1}, {1, 4, 1, 6}}, {{200, 300}, {}},   {{1, 100000}, {2, 1}}};
  for (const auto& [a, b] : shapes) {
    DYNAMIC_SECTION(to_string(a) << to_string(b)) {
      Tensor x = test::uniform(a, -1, 1, 6).requires_grad_(),
             y = test::uniform(b, 1, 2, 7).requires_grad_();
      const Tensor z = x / y;
      const Tensor wide_x = expand(x, z.shape()), wide_y = expand(y, z.shape());
      CHECK(test::same_bits(z.detach(), (wide_x / wide_y).detach()));
      const Tensor up = test::uniform(z.shape(), -1, 1, 8);
      const auto fused = grad(z, {x, y}, {.grad_outputs = up, .retain_graph = true});
      const auto wide = grad(wide_x / wide_y, {x, y}, {.grad_outputs = up});
      CHECK(test::all_close(fused[0], wide[0], 1e-11, 1e-11));
      CHECK(test::all_close(fused[1], wide[1], 1e-10, 1e-11));
    }
  }
}

TEST_CASE("a temporary gives its memory to the result, a named tensor does not", "[ops][memory]") {
  const Tensor x = ones({1 << 18});
  release_cached_memory();
  reset_peak_memory();
  const std::size_t before = memory_stats().current;
  const Tensor y = exp(x + 1) * 2 - 1;
  CHECK(memory_stats().peak - before < 3U << 19);  // one buffer, not three
  CHECK(x.data<float>()[7] == 1);
  CHECK(y.data<float>()[7] == Approx(2 * std::exp(2.0) - 1).epsilon(1e-6));
}

TEST_CASE("a formula of several inputs mixes tensors and numbers", "[ops][pointwise]") {
  const auto gate =
      pointwise("gate", [](auto x, auto w, auto b) { return tanh(x * w + b) * sigmoid(x); });
  const Tensor x = test::uniform({3, 5}, -2, 2, 1), w = test::uniform({5}, -2, 2, 2),
               b = test::uniform({3, 1}, -2, 2, 3);
  CHECK(test::all_close(gate(x, w, b), tanh(x * w + b) * sigmoid(x), 1e-15));
  const auto f = [&](const Tensor& u, const Tensor& v, const Tensor& s) { return gate(u, v, s); };
  CHECK(gradcheck(f, {x, w, b}));
  CHECK(gradgradcheck(f, {x, w, b}));
  CHECK(gradcheck([&](const Tensor& u) { return gate(u, 0.5, -1); }, {x}));
  CHECK(gradgradcheck([&](const Tensor& u) { return gate(2, u, u); }, {x}));
}

TEST_CASE("a formula may choose, and capture numbers", "[ops][pointwise]") {
  const double slope = 0.1;
  const auto leaky = pointwise("leaky", [slope](auto x) { return where(x > 0, x, slope * x); });
  const Tensor x = test::uniform({9}, -2, 2, 1);
  CHECK(test::all_close(leaky(x), where(x > 0, x, x * slope), 1e-15));
  CHECK(gradcheck([&](const Tensor& u) { return leaky(u); }, {x}));
  CHECK(gradgradcheck([&](const Tensor& u) { return leaky(u) * u; }, {x}));
  const auto clipped = pointwise("clipped", [](auto u, auto low) { return min(max(u, low), 1); });
  CHECK(gradcheck([&](const Tensor& u) { return clipped(u, -1.0); }, {x}));
  CHECK(test::throws<ShapeError>([&] { clipped(zeros({2}), zeros({3})); },
                                 {"clipped", "[2]", "[3]", "elementwise.cpp"}));
}

TEST_CASE("a pointwise op keeps only what its derivative reads", "[ops][memory]") {
  const std::int64_t n = 1 << 18;
  Tensor x = ones({n}, {.requires_grad = true});
  const std::size_t before = memory_stats().current;
  Tensor y = sigmoid(x * 1.5);  // mul by a number keeps nothing, sigmoid its own result
  CHECK(memory_stats().current - before < 3U << 19);
  Tensor z = exp(y + 1);
  y = Tensor();
  CHECK(memory_stats().current - before < (2U << 20) + (1U << 19));  // sigmoid's and exp's results
  z.sum().backward();
  const double s = 1 / (1 + std::exp(-1.5));
  CHECK(x.grad().data<float>()[n - 1] == Approx(std::exp(s + 1) * s * (1 - s) * 1.5).epsilon(1e-5));
}

TEST_CASE("a formula's numbers may change what its gradient reads", "[ops][pointwise]") {
  // One lambda type: with the flag the derivative is x's, without it is the number's.
  const auto make = [](bool squares, double factor) {
    return pointwise(
        "either", [squares, factor](auto x, auto y) { return where(squares, x * y, factor * x); });
  };
  const auto both = [](auto op) {
    Tensor x = tensor(3.0, {.dtype = float64, .requires_grad = true}),
           y = tensor(5.0, {.dtype = float64, .requires_grad = true});
    const std::vector<Tensor> g = grad(op(x, y), {x, y}, {.allow_unused = true});
    return std::pair(g[0].item<double>(), g[1].item<double>());
  };
  CHECK(both(make(false, 1)) == std::pair(1.0, 0.0));
  CHECK(both(make(true, 1)) == std::pair(5.0, 3.0));
  CHECK(both(make(false, 7)) == std::pair(7.0, 0.0));
  const auto power = [](int n) {
    return pointwise("power", [n](auto x) {
      auto y = x;
      for (int i = 1; i < n; ++i) y = y * x;
      return y;
    });
  };
  for (const int n : {1, 2, 3, 5, 1}) {
    Tensor x = tensor(2.0, {.dtype = float64, .requires_grad = true});
    power(n)(x).backward();
    CHECK(x.grad().item<double>() == n * std::pow(2.0, n - 1));
  }
}

TEST_CASE("what the vocabulary composes has C's values, and derivatives", "[ops][pointwise]") {
  const DType dtype = GENERATE(float32, float64);
  const std::vector<double> numbers{0.0, -0.0, 1.5, -1.5, 2.5, inf, -inf, not_a_number};
  const auto check = [&](const auto& op, const auto& c) {
    for (const double x : numbers) {
      const double y = op(full({17}, x, {.dtype = dtype}))[16].template item<double>();
      const double want = c(x);
      INFO("at " << x << ": " << y << ", C has " << want);
      CHECK(((std::isnan(y) && std::isnan(want)) || y == want));
    }
  };
  check(pointwise("isnan", [](auto x) { return where(isnan(x), 1, 0); }),
        [](double x) { return std::isnan(x) ? 1.0 : 0.0; });
  check(pointwise("isinf", [](auto x) { return where(isinf(x), 1, 0); }),
        [](double x) { return std::isinf(x) ? 1.0 : 0.0; });
  check(pointwise("isfinite", [](auto x) { return where(isfinite(x), 1, 0); }),
        [](double x) { return std::isfinite(x) ? 1.0 : 0.0; });
  check(pointwise("signbit", [](auto x) { return where(isnan(x), x, where(signbit(x), 1, 0)); }),
        [](double x) { return std::isnan(x)     ? x
                              : std::signbit(x) ? 1.0
                                                : 0.0; });
  check(pointwise("nearbyint", [](auto x) { return nearbyint(x); }),
        [](double x) { return std::nearbyint(x); });
  check(pointwise("fdim", [](auto x) { return fdim(x, 1); }),
        [](double x) { return std::fdim(x, 1.0); });
  check(pointwise("fma", [](auto x) { return fma(x, 2, 1); }),
        [](double x) { return std::fma(x, 2.0, 1.0); });
  check(pointwise("fmax", [](auto x) { return fmax(x, 1); }),
        [](double x) { return std::fmax(x, 1.0); });
  check(pointwise("fmin", [](auto x) { return fmin(2, x); }),
        [](double x) { return std::fmin(2.0, x); });
  const bool flag = true;
  check(pointwise("flag", [flag](auto x) { return where((x > 1 && flag) || !flag, 1, 0); }),
        [](double v) { return v > 1 ? 1.0 : 0.0; });
  const auto all = pointwise("all", [](auto x, auto y) {
    return fdim(x, y) + fma(x, y, 2) + fmax(x, 0.5) * fmin(y, x) + clamp(x, -0.5, y) +
           where(isfinite(x), square(y), 0);
  });
  const auto f = [&](const Tensor& x, const Tensor& y) { return all(x, y); };
  const Tensor x = test::uniform({9}, -2, 2, 41), y = test::uniform({9}, 0.1, 2, 42);
  CHECK(gradcheck(f, {x, y}));
  CHECK(gradgradcheck(f, {x, y}));
}
