// Integers: dtypes as in PyTorch, exact values, arithmetic that wraps around, and floats that
// become integers.
#include <cmath>
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::same_bits;

namespace {

using Limits = std::numeric_limits<std::int64_t>;
constexpr std::int64_t most = Limits::max(), least = Limits::min();

Tensor whole(const std::vector<std::int64_t>& v) { return tensor(v); }

}  // namespace

TEST_CASE("arithmetic of integers wraps around", "[ops][integers]") {
  const Tensor high = whole({most, most, most}), low = whole({least, least, least});
  CHECK(same_bits(high + 1, low));
  CHECK(same_bits(low - 1, high));
  CHECK(same_bits(high * 2, whole({-2, -2, -2})));
  CHECK(same_bits(-low, low));
  CHECK(same_bits(abs(low), low));
  CHECK(same_bits(square(whole({std::int64_t{1} << 32})), whole({0})));
  CHECK(same_bits(add(high, high, 3), whole({-4, -4, -4})));
  CHECK(same_bits(sum(high), tensor(most - 2)));
  CHECK(same_bits(sum(expand(reshape(high, {1, 3}), {100, 3}), 0), whole({-100, -100, -100})));
  CHECK(same_bits(sum(full({40000}, most)), tensor(std::int64_t{-40000})));
  CHECK(same_bits(prod(whole({most, 2})), tensor(std::int64_t{-2})));
  CHECK(same_bits(cumsum(whole({most, 1, 1}), 0), whole({most, least, least + 1})));
  CHECK(same_bits(cumprod(whole({most, 2, 3}), 0), whole({most, -2, -6})));
  CHECK(same_bits(pow(whole({3}), 41), whole({-420491770248316829})));
  CHECK(same_bits(matmul(whole({most, most}), whole({2, 2})), tensor(std::int64_t{-4})));
  CHECK(same_bits(floor_divide(low, -1), low));
  CHECK(same_bits(div(low, -1, "trunc"), low));
  CHECK(same_bits(remainder(low, -1), zeros({3}, {.dtype = int64})));
  CHECK(same_bits(fmod(low, -1), zeros({3}, {.dtype = int64})));
  CHECK(same_bits(cross(whole({most, 0, 0}), whole({0, 2, 0})), whole({0, 0, -2})));
  CHECK(same_bits(scatter_add(whole({most}), 0, whole({0, 0}), whole({1, 1})), whole({least + 1})));
}

TEST_CASE("products of integers are exact beyond 2^53", "[ops][integers]") {
  const std::int64_t odd = (std::int64_t{1} << 53) + 1;
  CHECK(same_bits(cumprod(whole({odd, 3}), 0), whole({odd, 3 * odd})));
  CHECK(same_bits(cumprod(tensor({{odd, 1}, {3, 5}}), 0), tensor({{odd, 1}, {3 * odd, 5}})));
  const Tensor at = whole({0, 0, 1});
  CHECK(same_bits(scatter_reduce(whole({1, 7}), 0, at, whole({odd, 3, odd}), "prod"),
                  whole({3 * odd, 7 * odd})));
  CHECK(same_bits(scatter_reduce(whole({2, 7}), 0, at, whole({odd, 3, odd}), "prod", false),
                  whole({3 * odd, odd})));
}

TEST_CASE("quotients and remainders of integers are integers", "[ops][integers]") {
  const Tensor a = whole({-7, 7, -7, 7}), b = whole({3, -3, -3, 3});
  CHECK(same_bits(fmod(a, b), whole({-1, 1, -1, 1})));
  CHECK(same_bits(remainder(a, b), whole({2, -2, -1, 1})));
  CHECK(same_bits(floor_divide(a, b), whole({-3, -3, 2, 2})));
  CHECK(fmod(a, 2.5).dtype() == float32);
  CHECK(test::throws<ValueError>([&] { fmod(a, 0); }, {"fmod", "0", "integers.cpp"}));
}

TEST_CASE("a quotient rounded down goes with its remainder", "[ops][arithmetic]") {
  // torch.floor_divide, 1.13
  CHECK(floor_divide(tensor(1., {.dtype = float64}), 0.1).item<double>() == 9);
  CHECK(floor_divide(1.0, tensor(0.1)).item<float>() == 9);
  CHECK(floor_divide(tensor(-1.), 0.1).item<float>() == -10);
  CHECK(floor_divide(tensor(6.), 2).item<float>() == 3);
  CHECK(floor_divide(tensor(1.), 0).item<float>() == INFINITY);
  CHECK(std::isnan(floor_divide(tensor(INFINITY), 1).item<float>()));
  CHECK(floor_divide(tensor(-1.), INFINITY).item<float>() == -1);
  CHECK(std::signbit(floor_divide(tensor(-0.0), 2).item<float>()));
  const Tensor a = test::uniform({999}, -50, 50, 1), b = test::uniform({999}, 0.1, 3, 2);
  CHECK(test::all_close(floor_divide(a, b) * b + remainder(a, b), a, 1e-12));
  const Tensor leaf = tensor({3.5, 0.0}, {.requires_grad = true});
  floor_divide(leaf, 0).sum().backward();
  CHECK(same_bits(leaf.grad(), zeros({2})));
}

TEST_CASE("floats beyond int64 become the smallest integer", "[ops][integers]") {
  const Tensor wild = tensor({NAN, INFINITY, -INFINITY, 1e30, -1e30, 9.3e18});
  for (const DType dtype : {float32, float64})
    CHECK(same_bits(wild.to(dtype).to(int64), full({6}, least)));
  CHECK(same_bits(tensor({-9.2e18, 2.75, -2.75}, {.dtype = float64}).to(int64),
                  whole({-9200000000000000000, 2, -2})));
  CHECK(tensor(NAN).item<std::int64_t>() == least);
  CHECK(full({}, 1e30, {.dtype = int64}).item<std::int64_t>() == least);
}

TEST_CASE("means of Poisson beyond int64 are drawn around", "[ops][sampling]") {
  Generator g(1);
  const Tensor y = poisson(tensor({1e30, 1e19}), &g);
  CHECK(test::all_close(y, tensor({1e30, 1e19}), 0, 1e-6));
}

TEST_CASE("a histogram has a finite range", "[ops][sorting]") {
  using test::throws;
  CHECK(throws<ValueError>([] { histc(tensor({1., INFINITY}), 4); }, {"histc", "inf"}));
  CHECK(throws<ValueError>([] { histc(tensor({1., NAN}), 4); }, {"histc", "nan"}));
  CHECK(throws<ValueError>([] { histc(tensor({1.}), 4, 0, INFINITY); }, {"histc", "inf"}));
  CHECK(throws<ValueError>([] { histc(tensor({1.}), 4, NAN, 1); }, {"histc", "nan"}));
  CHECK(same_bits(histc(tensor({1., INFINITY, NAN}), 2, 0, 2), tensor({0., 1.})));
  const Tensor wide = tensor({-1.7e308, 0., 1.7e308}, {.dtype = float64});
  CHECK(same_bits(histc(wide, 2), tensor({1., 2.}, {.dtype = float64})));
}
