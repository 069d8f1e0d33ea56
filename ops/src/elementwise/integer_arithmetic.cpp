#include "elementwise/integer_arithmetic.hpp"

#include <bit>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/pointwise.hpp>

#include "kernels/bounds.hpp"

namespace xgrad::detail {
namespace {

// b, but 1 for 0, and for -1, over which the smallest integer would overflow.
auto safe_divisor(auto b) { return where(b == 0 || b == -1, 1, b); }
auto rest_of(auto a, auto b) {
  const auto divisor = safe_divisor(b);
  return a - a / divisor * divisor;
}
auto differ_in_sign(auto a, auto b) { return (a < 0 && b > 0) || (a > 0 && b < 0); }

struct Quotient {
  static constexpr auto name = "div";
  static constexpr bool integers = true, floats = false;
  bool down;
  auto value(auto a, auto b) const {
    const auto towards_zero = where(b == -1, -a, a / safe_divisor(b));
    const auto rounds_down = differ_in_sign(rest_of(a, b), b) && down;
    return where(rounds_down, towards_zero - 1, towards_zero);
  }
};
struct Rest {
  static constexpr auto name = "remainder";
  static constexpr bool integers = true, floats = false;
  bool sign_of_divisor;
  auto value(auto a, auto b) const {
    const auto rest = rest_of(a, b);
    return where(differ_in_sign(rest, b) && sign_of_divisor, rest + b, rest);
  }
};
// By squaring.
struct Power {
  static constexpr auto name = "pow";
  static constexpr bool integers = true, floats = false;
  int bits;  // of the largest exponent
  auto value(auto base, auto exponent) const {
    using N = decltype(base);
    N y(1), square = base;
    for (int i = 0; i < bits; ++i, square = square * square)
      y = where((exponent & N(std::int64_t{1} << i)) != 0, y * square, y);
    return y;
  }
};

// Calls f(dtype, count, elements); a number is an int64.
template <class F>
auto on_elements(const Operand& x, F f) {
  if (!x.is_number()) return f(x.dtype(), x.shape().numel(), raw<void>(x.tensor()));
  std::int64_t number = x.number<std::int64_t>();
  return f(int64, std::int64_t{1}, static_cast<void*>(&number));
}

// An empty result is never refused: nothing is divided.
bool is_empty(const char* op, const Operand& a, const Operand& b) {
  return broadcast_shape(op, a, b).numel() == 0;
}

void check_divisor(const char* op, const Operand& a, const Operand& b) {
  if (!is_empty(op, a, b) && on_elements(b, has_zero))
    throw ValueError(
        fmt::format("{}: integer division by zero: the dividend is {}, the divisor {}; remove the "
                    "zeros from the divisor, or convert one operand with .to(float32)",
                    op, describe(a), describe(b)));
}

}  // namespace

Tensor integer_quotient(const Operand& a, const Operand& b, bool down) {
  check_divisor("div", a, b);
  return pointwise(Quotient{down}, a, b);
}

Tensor integer_remainder(const char* op, const Operand& a, const Operand& b, bool sign_of_divisor) {
  check_divisor(op, a, b);
  return pointwise(Rest{sign_of_divisor}, a, b);
}

Tensor integer_pow(const Operand& base, const Operand& exponent) {
  const bool empty = is_empty("pow", base, exponent);
  constexpr std::int64_t least = 0, most = std::numeric_limits<std::int64_t>::max();
  const auto bad = on_elements(exponent, [](DType dtype, std::int64_t n, const void* x) {
    return first_outside(dtype, n, x, least, most);
  });
  if (bad && !empty)
    throw ValueError(
        fmt::format("pow: integers cannot be raised to the negative power {}; convert one operand "
                    "with .to(float32)",
                    *bad));
  const std::int64_t largest = on_elements(exponent, largest_integer);
  return pointwise(Power{static_cast<int>(std::bit_width(static_cast<std::uint64_t>(largest)))},
                   base, exponent);
}

}  // namespace xgrad::detail
