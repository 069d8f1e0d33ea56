#include <xgrad/ops/arithmetic.hpp>

#include <xgrad/ops/pointwise.hpp>

namespace xgrad {
namespace {

struct Add {
  static constexpr auto name = "add";
  static constexpr bool integers = true;
  static auto value(auto x, auto y) { return x + y; }
};
struct Sub {
  static constexpr auto name = "sub";
  static constexpr bool integers = true;
  static auto value(auto x, auto y) { return x - y; }
};
struct Mul {
  static constexpr auto name = "mul";
  static constexpr bool integers = true;
  static auto value(auto x, auto y) { return x * y; }
};
struct Div {
  static constexpr auto name = "div";
  static auto value(auto x, auto y) { return x / y; }
};
struct Neg {
  static constexpr auto name = "neg";
  static constexpr bool integers = true;
  static auto value(auto x) { return -x; }
};

}  // namespace

Tensor add(Operand a, Operand b) { return pointwise<Add>(a, b); }
Tensor sub(Operand a, Operand b) { return pointwise<Sub>(a, b); }
Tensor mul(Operand a, Operand b) { return pointwise<Mul>(a, b); }
Tensor div(Operand a, Operand b) { return pointwise<Div>(a, b); }
Tensor neg(Operand x) { return pointwise<Neg>(x); }

}  // namespace xgrad
