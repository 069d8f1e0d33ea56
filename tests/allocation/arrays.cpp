// Memory runs out in ops that are functions of xtensor arrays, and in arrays that enter.
#include <xgrad/xgrad.hpp>
#include <xgrad/xtensor.hpp>

#include "failing.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

// One value that is evaluated by its function, and one that is not; gradients of both kinds.
Tensor both(const Tensor& x, const Tensor& w) {
  const Tensor sum = array_op(
      "sum", {x}, [](auto a) { return xt::cumsum(a, 0); },
      [](auto dy) { return xt::flip(xt::cumsum(xt::flip(dy, 0), 0), 0); });
  return array_op(
      "product", {sum, w}, [](auto a, auto b) { return a * b; },
      [](auto dy, auto a, auto b) { return std::make_tuple(xt::eval(dy * b), dy * a); });
}

}  // namespace

TEST_CASE("an array op without memory leaves nothing behind", "[allocation][array_op]") {
  Tensor x = test::leaf({3, 4}, -1, 1, 1), w = test::leaf({4}, -1, 1, 2);
  const Tensor expected = grad(both(x, w).sum(), x)[0];
  const auto clear = [&] {
    x.zero_grad();
    w.zero_grad();
  };
  const long failed =
      test::fail_each_allocation({clear, [&] { both(x, w).sum().backward(); },
                                  [&] { REQUIRE((!x.grad().defined() && !w.grad().defined())); },
                                  [&] { REQUIRE(test::same_bits(x.grad(), expected)); }, clear});
  CHECK(failed > 10);
}

TEST_CASE("an array that enters without memory is as before", "[allocation][array]") {
  const xt::xarray<float> content = xt::ones<float>({2, 3});
  xt::xarray<float> array;
  Tensor t;
  const long failed =
      test::fail_each_allocation({[&] { array = content; }, [&] { t = tensor(std::move(array)); },
                                  [&] {
                                    REQUIRE(!t.defined());
                                    REQUIRE((array == content));
                                  },
                                  [&] { REQUIRE(t.sum().item<float>() == 6); }, [&] { t = {}; }});
  CHECK(failed > 1);
}

TEST_CASE("arithmetic with arrays without memory leaves nothing behind", "[allocation][array]") {
  xt::xarray<float> kept = xt::ones<float>({2, 3});
  Tensor t;
  const long failed = test::fail_each_allocation(
      {[] {}, [&] { t = as_tensor(kept) + xt::eval(2 * kept) + xt::arange<float>(3); },
       [&] { REQUIRE(!t.defined()); }, [&] { REQUIRE(t.sum().item<float>() == 24); },
       [&] { t = {}; }});
  CHECK(failed > 4);
}
