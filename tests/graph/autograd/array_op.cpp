// Ops whose value and local gradient are functions of xtensor arrays.
#include <stdexcept>

#include <xgrad/xgrad.hpp>
#include <xgrad/xtensor.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

Tensor running_sum(const Tensor& x) {
  return array_op(
      "running_sum", {x}, [](const auto& v) { return xt::cumsum(v, 0); },
      [](const auto& dy) { return xt::flip(xt::cumsum(xt::flip(dy, 0), 0), 0); });
}
Tensor product(const Tensor& x, const Tensor& w) {
  return array_op(
      "product", {x, w}, [](const auto& a, const auto& b) { return a * b; },
      [](const auto& dy, const auto& a, const auto& b) { return std::make_tuple(dy * b, dy * a); });
}
Tensor product_by_two(const Tensor& x, const Tensor& w) {
  return array_op(
      "product", {x, w}, [](auto a, auto b) { return a * b; },
      [](auto dy, auto, auto b) { return dy * b; }, [](auto dy, auto a, auto) { return dy * a; });
}
Tensor exponential(const Tensor& x) {
  return array_op(
      "exponential", {x}, [](const auto& v) { return xt::exp(v); },
      [](const auto& dy, const auto&, const auto& y) { return dy * y; });
}
Tensor identity(const Tensor& x) {
  return array_op(
      "identity", {x}, [](const auto& v) { return v; }, [](const auto& dy) { return dy; });
}

}  // namespace

TEST_CASE("an array op has the value and the gradient of its functions", "[graph][array_op]") {
  const Tensor x = test::uniform({3, 4}, -2, 2, 1), w = test::uniform({3, 4}, -2, 2, 2);
  CHECK(test::all_close(running_sum(x), cumsum(x, 0), 1e-15));
  CHECK(gradcheck(running_sum, {x}));
  CHECK(gradcheck(product, {x, w}));
  CHECK(gradcheck(product_by_two, {x, w}));
  CHECK(test::all_close(exponential(x), exp(x), 0, 1e-14));
  CHECK(gradcheck(exponential, {x}));
  CHECK(test::same_bits(identity(x), x));
  CHECK(gradcheck(identity, {x}));
}

TEST_CASE("an array op computes in its inputs' dtype", "[graph][array_op]") {
  Tensor x = test::leaf({3, 4}, -2, 2, 1, float32);
  const Tensor w = test::uniform({3, 4}, -2, 2, 2);
  CHECK(running_sum(x).dtype() == float32);
  product(x, w).sum().backward();  // float64
  CHECK(product(x, w).dtype() == float64);
  CHECK(x.grad().dtype() == float32);
  CHECK(test::all_close(x.grad(), w.to(float32), 1e-7));
  const Tensor scaled = array_op(
      "scaled", {x, 2.5}, [](auto a, auto k) { return k * a; },
      [](auto dy, auto, auto k) { return dy * k; }, nullptr);
  CHECK(scaled.dtype() == float32);
  CHECK(test::same_bits(scaled.detach(), (x * 2.5).detach()));
  const Tensor one = array_op(
      "one", {1}, [](auto a) { return a; }, [](auto dy) { return dy; });
  CHECK(test::same_bits(one, tensor(1.0)));
  CHECK(test::throws<DTypeError>([] { identity(arange(3)); },
                                 {"identity: input 0 is [3] int64", "to(float32)"}));
}

TEST_CASE("gradients of inputs that broadcast are summed", "[graph][array_op]") {
  const Tensor x = test::uniform({2, 3, 4}, -2, 2, 1);
  for (const Shape& shape : {Shape{4}, Shape{3, 1}, Shape{}, Shape{1, 1, 1}, Shape{2, 1, 4}}) {
    const Tensor w = test::uniform(shape, -2, 2, 2);
    CHECK(gradcheck(product, {x, w}));
    CHECK(gradcheck(product_by_two, {w, x}));
  }
}

TEST_CASE("the value is evaluated into the result's memory, or the array's own", "[array_op]") {
  const void* seen = nullptr;
  const Tensor x = test::uniform({8, 8}, -2, 2, 1);
  const Tensor y = array_op(
      "kept", {x},
      [&seen](const auto& v) {
        xt::xarray<typename std::decay_t<decltype(v)>::value_type> a = 2 * v;
        seen = a.data();
        return a;
      },
      [](const auto& dy) { return 2 * dy; });
  CHECK(static_cast<const void*>(y.data<double>()) == seen);
  CHECK(test::same_bits(y, 2 * x));
  const std::size_t before = memory_stats().current;
  const Tensor lazy = array_op(
      "lazy", {x}, [](const auto& v) { return 2 * v; }, [](const auto& dy) { return 2 * dy; });
  CHECK(memory_stats().current - before < 2 * static_cast<std::size_t>(y.nbytes()));
  CHECK(test::same_bits(lazy, y));
}

TEST_CASE("the lazy functions of xtensor own what they read", "[graph][array_op]") {
  const Tensor x = test::uniform({3, 4}, 0.5, 2, 1);
  const auto check = [&](const auto& value, const auto& gradient, const Tensor& expected) {
    const auto op = [&](const Tensor& t) { return array_op("op", {t}, value, gradient); };
    CHECK(test::all_close(op(x), expected, 1e-14));
    CHECK(gradcheck(op, {x}));
    CHECK(test::all_close(op(x.to(float32)), expected.to(float32), 1e-5));
  };
  check([](auto v) { return xt::transpose(v); }, [](auto dy) { return xt::transpose(dy); }, x.t());
  check([](auto v) { return xt::flip(v, 1); }, [](auto dy) { return xt::flip(dy, 1); },
        flip(x, {1}));
  check([](auto v) { return xt::sum(v, {1}); },
        [](auto dy, auto v) { return xt::view(dy, xt::all(), xt::newaxis()) + 0 * v; }, sum(x, 1));
  check([](auto v) { return xt::sum(v); },
        [](auto dy, auto v) { return xt::broadcast(dy, v.shape()); }, sum(x));
  check([](auto v) { return xt::sum(v)(); }, [](auto dy, auto v) { return 1.0 * dy() + 0 * v; },
        sum(x));
  check([](auto v) { return xt::view(v, xt::range(0, 3), 1); },
        [](auto dy, auto v) {
          auto dx = xt::eval(xt::zeros_like(v));
          xt::view(dx, xt::all(), 1) = dy;
          return dx;
        },
        select(x, 1, 1));
  check([](auto v) { return xt::where(v > 1, v * v, 2 * v - 1); },
        [](auto dy, auto v) { return dy * xt::where(v > 1, 2 * v, 2.0); },
        where(x > 1, x * x, 2 * x - 1));
  check([](auto v) { return xt::square(v) + xt::pow(v, 3.0) + xt::clip(v, -9.0, 9.0); },
        [](auto dy, auto v) { return dy * (2 * v + 3 * xt::square(v) + 1); },
        x * x + x * x * x + x);
  check([](auto v) { return v - xt::eval(xt::mean(v, {0}, xt::keep_dims)); },
        [](auto dy) { return dy - xt::eval(xt::mean(dy, {0}, xt::keep_dims)); },
        x - mean(x, 0, true));
  check([](auto v) { return xt::roll(v, 1, 1); }, [](auto dy) { return xt::roll(dy, -1, 1); },
        roll(x, {1}, {1}));
  check(
      [](const auto& v) {
        const auto shifted = v - 1;
        return xt::eval(shifted * shifted);
      },
      [](const auto& dy, const auto& v) { return 2 * dy * (v - 1); }, square(x - 1));
}

TEST_CASE("numbers are captured, and arrays by values", "[graph][array_op]") {
  const Tensor x = test::uniform({3, 4}, 0.5, 2, 1);
  const xt::xarray<double> table{1, 2, 3, 4};
  const double k = 0.25;
  const auto op = [&](const Tensor& t) {
    return array_op(
        "op", {t}, [&](const auto& v) { return xt::eval(k * v + table); },
        [k](const auto& dy) { return xt::eval(k * dy); });
  };
  CHECK(test::all_close(op(x), k * x + tensor(table), 1e-15));
  CHECK(gradcheck(op, {x}));
}

TEST_CASE("column-major results have the right elements", "[graph][array_op]") {
  const Tensor x = test::uniform({3, 4}, 0.5, 2, 1);
  const auto op = [](const Tensor& t) {
    return array_op(
        "op", {t},
        [](const auto& v) {
          xt::xarray<double, xt::layout_type::column_major> a = v * v;
          return a;
        },
        [](const auto& dy, const auto& v) {
          xt::xarray<double, xt::layout_type::column_major> a = 2 * dy * v;
          return a;
        });
  };
  CHECK(test::same_bits(op(x), x * x));
  CHECK(gradcheck(op, {x}));
}

TEST_CASE("an op used several times adds up its gradients", "[graph][array_op]") {
  Tensor x = test::leaf({3}, 1, 2, 1);
  (exponential(x) + product(x, x) + running_sum(x) + exponential(x)).sum().backward();
  const Tensor expected = 2 * exp(x.detach()) + 2 * x.detach() + tensor({3., 2., 1.});
  CHECK(test::all_close(x.grad(), expected, 1e-13));
}

TEST_CASE("a local gradient runs and saves only what is needed", "[graph][array_op]") {
  int first = 0, second = 0;
  int *const runs = &first, *const others = &second;
  Tensor a = test::leaf({3}, 1, 2, 1);
  const Tensor b = test::uniform({3}, 1, 2, 2);
  const auto count = [](int* n) { ++*n; };
  array_op(
      "op", {a, b}, [](auto x, auto y) { return x + y; },
      [=](auto dy) {
        count(runs);
        return dy;
      },
      [=](auto dy) {
        count(others);
        return dy;
      })
      .sum()
      .backward();
  CHECK(first == 1);
  CHECK(second == 0);

  Tensor unsaved = test::leaf({3}, 1, 2, 1), saved = test::leaf({3}, 1, 2, 1);
  const Tensor y = running_sum(unsaved).sum(), z = product(saved, b).sum();
  unsaved.mutable_data<double>()[0] = 5;
  saved.mutable_data<double>()[0] = 5;
  CHECK_NOTHROW(y.backward());
  CHECK(test::throws<GraphError>([&] { z.backward(); }, {"product", "changed in place"}));
}

TEST_CASE("arrays without axes or elements pass through an op", "[graph][array_op]") {
  Tensor none = test::leaf({2, 0}, 1, 2, 1), one = test::leaf({}, 1, 2, 1);
  CHECK(exponential(none).shape() == Shape{2, 0});
  exponential(none).sum().backward();
  CHECK(none.grad().shape() == Shape{2, 0});
  CHECK(gradcheck(exponential, {one.detach()}));
  CHECK(test::same_bits(product(none, ones({1}, {.dtype = float64})).detach(), none.detach()));
}

TEST_CASE("shapes that do not fit are refused in the op's name", "[graph][array_op]") {
  Tensor x = test::leaf({2, 3}, -1, 1, 1);
  CHECK(test::throws<ShapeError>([&] { product(x, ones(4, {.dtype = float64})); },
                                 {"product: ", "[2, 3] float64", "[4] float64", "array_op.cpp:"}));
  const auto wrong = [&](const auto& gradient) {
    array_op(
        "wrong", {x}, [](auto v) { return 2 * v; }, gradient)
        .sum()
        .backward();
  };
  CHECK(test::throws<ShapeError>([&] { wrong([](auto dy) { return xt::sum(dy, {0}); }); },
                                 {"wrong: ", "[3] for input 0", "[2, 3]", "array_op.cpp:"}));
  CHECK(test::throws<ShapeError>([&] { wrong([](auto dy) { return xt::transpose(dy); }); },
                                 {"wrong: ", "[3, 2] for input 0"}));
  CHECK(test::throws<ShapeError>([&] { wrong([](auto dy) { return dy + xt::arange<double>(4); }); },
                                 {"wrong: ", "local gradient", "[2, 3] float64"}));
  CHECK_FALSE(x.grad().defined());
}

TEST_CASE("the second derivative of an array op is refused", "[graph][array_op]") {
  const Tensor x = test::leaf({3}, 1, 2, 1);
  CHECK(test::throws<GraphError>([&] { grad(exponential(x).sum(), x, {.create_graph = true}); },
                                 {"exponential: ", "no second derivative", "create_graph"}));
  CHECK(
      test::throws<GraphError>([&] { gradgradcheck(exponential, {x.detach()}); }, {"exponential"}));
}

TEST_CASE("exceptions of the functions pass, and nothing is recorded", "[graph][array_op]") {
  Tensor x = test::leaf({3}, 1, 2, 1);
  const auto fails = [](const auto& v) -> xt::xarray<double> {
    if (v(0) > 0) throw std::runtime_error("mine");
    return v;
  };
  CHECK_THROWS_WITH(array_op("op", {x}, fails, [](auto dy) { return dy; }), "mine");
  const Tensor y = array_op(
                       "op", {x}, [](auto v) { return 2 * v; }, fails)
                       .sum();
  CHECK_THROWS_WITH(y.backward(), "mine");
  CHECK_FALSE(x.grad().defined());
  CHECK(test::throws<GraphError>([] { identity(Tensor()); }, {"identity", "undefined"}));
}

TEST_CASE("without gradients an array op is its value", "[graph][array_op]") {
  const Tensor x = test::leaf({3}, 1, 2, 1);
  const NoGrad guard;
  CHECK_FALSE(exponential(x).requires_grad());
  CHECK(exponential(x).is_leaf());
}
