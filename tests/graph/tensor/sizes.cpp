// Sizes as users have them: without braces, of any integer type, in any container.
#include <array>
#include <limits>
#include <sstream>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::throws;

TEST_CASE("sizes need no braces", "[sizes]") {
  CHECK(zeros(3).shape() == Shape{3});
  CHECK(ones(3, 4).shape() == Shape{3, 4});
  CHECK(empty(2, 0, 3).shape() == Shape{2, 0, 3});
  CHECK(rand(2, 3, 4, 5).shape() == Shape{2, 3, 4, 5});
  CHECK(randn(0).numel() == 0);
  CHECK(full(2, 7).shape() == Shape{2});
  CHECK(test::same_bits(full(2, 7), tensor({7, 7})));
  CHECK(randint(0, 10, 5).shape() == Shape{5});
  const Tensor x = zeros(3, {.dtype = float64});
  CHECK(x.dtype() == float64);
  const Tensor y = ones(2, 3, {.dtype = float64, .requires_grad = true});
  CHECK(y.requires_grad());
  CHECK(test::same_bits(y.detach(), ones({2, 3}, {.dtype = float64})));
}

TEST_CASE("sizes without braces draw the same random numbers", "[sizes]") {
  Generator a(4), b(4);
  CHECK(test::same_bits(randn(3, 2, {.generator = &a}), randn({3, 2}, {.generator = &b})));
  CHECK(test::same_bits(rand(5, {.generator = &a}), rand({5}, {.generator = &b})));
}

TEST_CASE("sizes are integers of any type", "[sizes]") {
  const std::size_t n = 2;
  const unsigned m = 3;
  const short k = 4;
  CHECK(zeros({n, m}).shape() == Shape{2, 3});
  CHECK(zeros({n, k, 1}).shape() == Shape{2, 4, 1});
  CHECK(ones(n).shape() == Shape{2});
  CHECK(randn(n, m).shape() == Shape{2, 3});
  CHECK(ones({n, m}).sum({n - 2, n - 1}).item<int>() == 6);
  static_assert(!std::is_convertible_v<double, Shape>);
  static_assert(!std::is_convertible_v<bool, Shape>);
  static_assert(!std::is_convertible_v<std::vector<double>, Shape>);
}

TEST_CASE("sizes come in any container of integers", "[sizes]") {
  const std::vector<int> ints{2, 3};
  const std::array<std::size_t, 3> sizes{1, 2, 3};
  const std::vector<long long> many{1, 1, 1, 1, 5};
  const std::initializer_list<unsigned> list{4, 5};
  CHECK(Shape(ints) == Shape{2, 3});
  CHECK(Shape(list) == Shape{4, 5});
  CHECK(zeros(sizes).shape() == Shape{1, 2, 3});
  CHECK(zeros(std::span(ints).first(1)).shape() == Shape{2});
  CHECK(Shape(many) == Shape{1, 1, 1, 1, 5});
  CHECK(Shape(std::vector<int>{}) == Shape{});
  CHECK(throws<ShapeError>([] { Shape s(std::vector<int>(17, 1)); }, {"17", "16", "sizes.cpp"}));
}

TEST_CASE("impossible sizes are refused, whatever their type", "[sizes]") {
  CHECK(throws<ShapeError>([] { zeros(-1); }, {"zeros", "[-1]", "sizes.cpp"}));
  CHECK(throws<ShapeError>([] { ones(2, -3); }, {"ones", "[2, -3]", "sizes.cpp"}));
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  CHECK(throws<ShapeError>([] { empty(most); }, {"empty", "bytes"}));
  CHECK(throws<ShapeError>([] { zeros({most, most}); }, {"zeros"}));
}

TEST_CASE("shapes and dtypes print to streams", "[sizes][format]") {
  std::ostringstream out;
  out << Shape{2, 3} << ' ' << zeros({}).shape() << ' ' << float64 << ' ' << bool_;
  CHECK(out.str() == "[2, 3] [] float64 bool");
}
