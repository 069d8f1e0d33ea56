#include <xgrad/ops/arithmetic.hpp>

#include <xgrad/ops/pointwise.hpp>

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

bool is_one(const Operand& x) { return x.is_number() && x.number<double>() == 1; }

}  // namespace

Tensor add(Operand a, Operand b, Operand alpha) {
  return is_one(alpha) ? pointwise<Add>(a, b) : pointwise<AddScaled>(a, b, alpha);
}
Tensor sub(Operand a, Operand b, Operand alpha) {
  return is_one(alpha) ? pointwise<Sub>(a, b) : pointwise<SubScaled>(a, b, alpha);
}
Tensor mul(Operand a, Operand b) { return pointwise<Mul>(a, b); }
Tensor div(Operand a, Operand b) { return pointwise<Div>(a, b); }
Tensor neg(Operand x) { return pointwise<Neg>(x); }

}  // namespace xgrad
