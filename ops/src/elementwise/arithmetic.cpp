#include <xgrad/ops/arithmetic.hpp>

#include <array>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/pointwise.hpp>

#include "elementwise/integer_arithmetic.hpp"

namespace xgrad {
namespace {

struct Add {
  static constexpr auto name = "add";
  static constexpr auto rule = "da = dy, db = dy";
  static constexpr bool integers = true;
  static auto value(auto x, auto y) { return x + y; }
};
struct Sub {
  static constexpr auto name = "sub";
  static constexpr auto rule = "da = dy, db = -dy";
  static constexpr bool integers = true;
  static auto value(auto x, auto y) { return x - y; }
};
struct AddScaled {
  static constexpr auto name = "add";
  static constexpr auto rule = "da = dy, db = dy * alpha";
  static constexpr bool integers = true;
  static auto value(auto x, auto y, auto alpha) { return x + alpha * y; }
};
struct SubScaled {
  static constexpr auto name = "sub";
  static constexpr auto rule = "da = dy, db = -dy * alpha";
  static constexpr bool integers = true;
  static auto value(auto x, auto y, auto alpha) { return x - alpha * y; }
};
struct Mul {
  static constexpr auto name = "mul";
  static constexpr auto rule = "da = dy * b, db = dy * a";
  static constexpr bool integers = true;
  static auto value(auto x, auto y) { return x * y; }
};
struct Div {
  static constexpr auto name = "div";
  static constexpr auto rule = "da = dy / b, db = -dy * y / b";
  static auto value(auto x, auto y) { return x / y; }
};
struct Neg {
  static constexpr auto name = "neg";
  static constexpr auto rule = "dx = -dy";
  static constexpr bool integers = true;
  static auto value(auto x) { return -x; }
};

// As PyTorch and Python: from the remainder, which is exact, since a / b may round up to a whole
// number (1 / 0.1 to 10, with a remainder of 0.1).
struct FloorDiv {
  static constexpr auto name = "div";
  static constexpr auto rule = "0";
  static auto value(auto a, auto b) {
    const auto rest = fmod(a, b), quotient = (a - rest) / b;
    const auto below = where((rest > 0 && b < 0) || (rest < 0 && b > 0), quotient - 1, quotient);
    const auto whole = floor(below);
    const auto nearest = where(below - whole > 0.5, whole + 1, whole);
    return where(b == 0, a / b, where(below == 0, copysign(0, a / b), nearest));
  }
  static auto slopes(auto a, auto /*b*/, auto /*y*/) {
    using N = decltype(a);
    return std::array<N, 2>{N(0), N(0)};
  }
};
struct TruncDiv {
  static constexpr auto name = "div";
  static constexpr auto rule = "0";
  static auto value(auto a, auto b) { return trunc(a / b); }
};

bool is_one(const Operand& x) { return x.is_number() && x.number<double>() == 1; }

}  // namespace

Tensor add(Operand a, Operand b, Operand alpha) {
  const OpScope scope("add", a);
  return is_one(alpha) ? pointwise<Add>(a, b) : pointwise<AddScaled>(a, b, alpha);
}
Tensor sub(Operand a, Operand b, Operand alpha) {
  const OpScope scope("sub", a);
  return is_one(alpha) ? pointwise<Sub>(a, b) : pointwise<SubScaled>(a, b, alpha);
}
Tensor mul(Operand a, Operand b) { return pointwise<Mul>(a, b); }
Tensor div(Operand a, Operand b) { return pointwise<Div>(a, b); }
Tensor div(Operand a, Operand b, std::string_view rounding_mode) {
  const OpScope scope("div", a);
  if (rounding_mode != "floor" && rounding_mode != "trunc")
    throw ValueError(
        fmt::format("div: rounding_mode is '{}'; it must be 'floor' or 'trunc'", rounding_mode));
  const bool down = rounding_mode == "floor";
  if (!is_floating(a.dtype()) && !is_floating(b.dtype()))
    return detail::integer_quotient(a, b, down);
  return down ? pointwise<FloorDiv>(a, b) : pointwise<TruncDiv>(a, b);
}
Tensor neg(Operand x) { return pointwise<Neg>(x); }

}  // namespace xgrad
