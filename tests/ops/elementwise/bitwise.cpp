// The operators & | ^ ~ of bools and integers.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("masks combine by operators", "[bitwise]") {
  const Tensor a = tensor({false, false, true, true}), b = tensor({false, true, false, true});
  CHECK(test::same_bits(a & b, tensor({false, false, false, true})));
  CHECK(test::same_bits(a | b, tensor({false, true, true, true})));
  CHECK(test::same_bits(a ^ b, tensor({false, true, true, false})));
  CHECK(test::same_bits(~a, tensor({true, true, false, false})));
  CHECK(test::same_bits(a & true, a));
  CHECK(test::same_bits(false | b, b));
  const Tensor x = tensor({-1., 0.5, 2.});
  CHECK(test::same_bits((x > 0) & (x < 1), tensor({false, true, false})));
}

TEST_CASE("bits of integers combine by operators", "[bitwise]") {
  const Tensor a = tensor({12, -1}), b = tensor({10, 7});
  CHECK(test::same_bits(a & b, tensor({8, 7})));
  CHECK(test::same_bits(a | b, tensor({14, -1})));
  CHECK(test::same_bits(a ^ b, tensor({6, -8})));
  CHECK(test::same_bits(~a, tensor({-13, 0})));
  CHECK(test::same_bits(a & 4, tensor({4, 4})));
  CHECK(test::same_bits(tensor({{1}, {2}}) | tensor({4, 8}), tensor({{5, 9}, {6, 10}})));
}

TEST_CASE("bitwise operators with assignment bind a new value", "[bitwise]") {
  const Tensor a = tensor({true, false});
  Tensor x = a;
  x &= true;
  x |= tensor({false, true});
  x ^= a;
  CHECK(test::same_bits(x, tensor({false, true})));
  CHECK(test::same_bits(a, tensor({true, false})));
}

TEST_CASE("floats have no bits to combine", "[bitwise]") {
  const Tensor x = tensor({1.0});
  CHECK(test::throws<DTypeError>([&] { x& x; }, {"bitwise_and", "float32", "bitwise.cpp"}));
  CHECK(test::throws<DTypeError>([&] { ~x; }, {"bitwise_not"}));
  CHECK(test::throws<DTypeError>([&] { tensor(1) | 0.5; }, {"bitwise_or"}));
}
