// Operators between tensors and xtensor expressions.
#include <xgrad/xgrad.hpp>
#include <xgrad/xtensor.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("a tensor and an expression mix in both orders", "[ops][array]") {
  const Tensor t = test::uniform({2, 3}, 1, 2, 1, float32), e = tensor({1., 2., 3.});
  const xt::xarray<float> array{1, 2, 3};
  const auto lazy = [] { return xt::arange<float>(1, 4); };
  CHECK(test::same_bits(t + array, t + e));
  CHECK(test::same_bits(t - array, t - e));
  CHECK(test::same_bits(t * array, t * e));
  CHECK(test::same_bits(t / array, t / e));
  CHECK(test::same_bits(array + t, e + t));
  CHECK(test::same_bits(array - t, e - t));
  CHECK(test::same_bits(array * t, e * t));
  CHECK(test::same_bits(array / t, e / t));
  CHECK(test::same_bits(t + lazy(), t + e));
  CHECK(test::same_bits(lazy() - t, e - t));
  CHECK(test::same_bits(2 * t * (lazy() + 1) - 1, 2 * t * (e + 1) - 1));
  CHECK(test::same_bits(t + xt::view(array, xt::newaxis()), t + e));
  Tensor variable = t;
  CHECK(test::same_bits(variable + array, t + e));
  CHECK(test::same_bits(array - std::move(variable), e - t));
}

TEST_CASE("comparisons with an expression are tensors of bools", "[ops][array]") {
  const Tensor t = tensor({1., 5., 3.}), e = tensor({1., 2., 4.});
  const xt::xarray<float> array{1, 2, 4};
  CHECK(test::same_bits(t == array, t == e));
  CHECK(test::same_bits(array != t, e != t));
  CHECK(test::same_bits(t < array, t < e));
  CHECK(test::same_bits(array <= t, e <= t));
  CHECK(test::same_bits(t > array, t > e));
  CHECK(test::same_bits(array >= t, e >= t));
}

TEST_CASE("the tensor's side is recorded", "[ops][array]") {
  const Tensor t = test::uniform({2, 3}, 1, 2, 1);
  const auto f = [](const Tensor& x) {
    return xt::arange<double>(1, 4) / (x * xt::arange<double>(3) + xt::ones<double>({2, 1})) - x;
  };
  CHECK(gradcheck(f, {t}));
  CHECK(gradgradcheck(f, {t}));
  Tensor column = test::leaf({2, 1}, 1, 2, 1);
  (column * xt::ones<double>({2, 3})).sum().backward();
  CHECK(test::same_bits(column.grad(), full({2, 1}, 3., {.dtype = float64})));
}

TEST_CASE("dtypes promote as between tensors", "[ops][array]") {
  CHECK((ones(3) + xt::arange(3)).dtype() == float32);
  CHECK((ones(3) + xt::arange<double>(3)).dtype() == float64);
  CHECK((arange(3) + xt::arange<float>(3)).dtype() == float32);
  CHECK((arange(3) + xt::arange<int>(3)).dtype() == int64);
  CHECK((ones(3) + xt::sum(xt::arange<double>(3))).dtype() == float32);  // no axes
}

TEST_CASE("assignments with an operator bind to the result", "[ops][array]") {
  Tensor x = test::leaf({3}, 1, 2, 1);
  Tensor y = x;
  y += xt::arange<double>(3);
  y *= xt::arange<double>(3) + 1;
  y -= xt::ones<double>({3});
  y /= xt::xarray<double>{2, 2, 2};
  const Tensor i = arange(3).to(float64);
  CHECK(test::all_close(y.detach(), ((x.detach() + i) * (i + 1) - 1) / 2, 1e-15));
  y.sum().backward();
  CHECK(test::same_bits(x.grad(), (i + 1) / 2));
}

TEST_CASE("an operand that does not broadcast is refused", "[ops][array]") {
  CHECK(test::throws<ShapeError>(
      [] {
        ones({2, 3}) + xt::arange<float>(4);
      },
      {"add: [2, 3] float32 and [4] float32"}));
  CHECK(test::throws<ShapeError>(
      [] {
        xt::arange<float>(4) / ones({2, 3});
      },
      {"div: [4] float32 and [2, 3] float32"}));
  CHECK(test::throws<GraphError>([] { Tensor() + xt::arange<float>(4); }, {"undefined"}));
}
