// Tensors from memory: containers and arrays of numbers.
#include <array>
#include <deque>
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

template <class T>
concept MakesTensor = requires(const T& from) {
  tensor(from);
};
static_assert(!MakesTensor<std::string>, "characters are no numbers");
static_assert(!MakesTensor<char[4]>);
static_assert(!MakesTensor<std::vector<std::string>>);
static_assert(!MakesTensor<std::deque<float>>, "it does not lie in one piece");

TEST_CASE("integers of any type become int64", "[creation]") {
  CHECK(test::same_bits(tensor(std::vector<int>{1, -2}), tensor({1, -2})));
  CHECK(test::same_bits(tensor(std::vector<unsigned char>{0, 255}), tensor({0, 255})));
  CHECK(test::same_bits(tensor(std::array<short, 3>{1, 2, 3}), tensor({1, 2, 3})));
  CHECK(test::same_bits(tensor(std::vector<std::size_t>{7}), tensor({7})));
  CHECK(test::same_bits(tensor(std::vector<long long>{-7}), tensor({-7})));
  CHECK(tensor(std::vector<std::uint64_t>{~std::uint64_t{0} >> 1}).item<std::int64_t>() > 0);
  CHECK(test::throws<ValueError>(
      [] {
        tensor(std::vector<std::uint64_t>{0, ~std::uint64_t{0}});
      },
      {"element 1", "18446744073709551615", "containers.cpp"}));
  CHECK(tensor(std::vector<int>{}).shape() == Shape{0});
  CHECK(tensor(std::vector<int>{1, 2}, {.dtype = float32}).dtype() == float32);
}

TEST_CASE("floating-point numbers keep their type, and bools are bool", "[creation]") {
  CHECK(tensor(std::vector<float>{1}).dtype() == float32);
  CHECK(tensor(std::array<double, 1>{1}).dtype() == float64);
  CHECK(tensor(std::vector<long double>{0.5L}).dtype() == float64);
  CHECK(tensor(std::vector<long double>{0.5L}).item<double>() == 0.5);
  CHECK(test::same_bits(tensor(std::vector<bool>{true, false}), tensor({true, false})));
  CHECK(tensor(std::vector<bool>{}).shape() == Shape{0});
  CHECK(tensor(std::vector<bool>{true}, {.dtype = float32}).item<float>() == 1);
  CHECK(test::throws<DTypeError>([] { tensor(std::vector<int>{1}, {.requires_grad = true}); },
                                 {"int64", "containers.cpp"}));
}

TEST_CASE("spans are copied", "[creation]") {
  std::vector<int> ints{1, 2, 3};
  const Tensor some = tensor(std::span(ints).subspan(1)), fixed = tensor(std::span<int, 3>(ints));
  ints[1] = 9;
  CHECK(test::same_bits(some, tensor({2, 3})));
  CHECK(fixed.numel() == 3);
  const std::vector<double> d{1, 2};
  CHECK(tensor(std::span(d)).dtype() == float64);
}

TEST_CASE("C arrays give their shape", "[creation]") {
  const int line[] = {1, 2, 3};
  const float matrix[2][3] = {{1, 2, 3}, {4, 5, 6}};
  const bool cube[1][2][2] = {{{true, false}, {false, true}}};
  CHECK(test::same_bits(tensor(line), tensor({1, 2, 3})));
  CHECK(test::same_bits(tensor(matrix), tensor({{1., 2., 3.}, {4., 5., 6.}})));
  CHECK(test::same_bits(tensor(cube), tensor({{{true, false}, {false, true}}})));
  Tensor w = tensor(matrix, {.dtype = float64, .requires_grad = true});
  CHECK(w.dtype() == float64);
  CHECK(w.requires_grad());
}

TEST_CASE("braces are still lists of numbers", "[creation]") {
  CHECK(tensor({1.5, 2.5}).dtype() == float32);
  CHECK(tensor({1, 2}).dtype() == int64);
  CHECK(tensor({{1.0}}).shape() == Shape{1, 1});
}
