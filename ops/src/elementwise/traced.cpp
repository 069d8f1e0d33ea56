#include <xgrad/ops/formula/traced.hpp>

#include <xgrad/graph/creation.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>

namespace xgrad::detail {
namespace {

const Traced missing{Tensor()};

Operand operand(const Traced& x) { return x.is_number ? Operand(x.number) : Operand(x.tensor); }

// The op on tensors, the arithmetic on two numbers.
template <class Op, class Fold>
Traced binary(const Traced& a, const Traced& b, Op op, Fold fold) {
  if (a.missing() || b.missing()) return missing;
  if (a.is_number && b.is_number) return Traced(static_cast<double>(fold(a.number, b.number)));
  return op(operand(a), operand(b));
}
template <class Op, class Fold>
Traced unary(const Traced& a, Op op, Fold fold) {
  if (a.missing()) return missing;
  return a.is_number ? Traced(fold(a.number)) : Traced(op(operand(a)));
}

// Remembers the type of what is compared: a choice between numbers has it.
template <class Op, class Fold>
Traced condition(const Traced& a, const Traced& b, Op op, Fold fold) {
  Traced y = binary(a, b, op, fold);
  y.like = a.like == float64 || b.like == float64 ? float64 : float32;
  return y;
}

}  // namespace

Traced operator+(const Traced& a, const Traced& b) {
  if (a.is(0)) return b;
  if (b.is(0)) return a;
  return binary(
      a, b, [](Operand x, Operand y) { return add(x, y); },
      [](double x, double y) { return x + y; });
}
Traced operator-(const Traced& a, const Traced& b) {
  if (b.is(0)) return a;
  return binary(
      a, b, [](Operand x, Operand y) { return sub(x, y); },
      [](double x, double y) { return x - y; });
}
Traced operator*(const Traced& a, const Traced& b) {
  if (a.is(1)) return b;
  if (b.is(1)) return a;
  return binary(a, b, mul, [](double x, double y) { return x * y; });
}
Traced operator/(const Traced& a, const Traced& b) {
  if (b.is(1)) return a;
  return binary(
      a, b, [](Operand x, Operand y) { return div(x, y); },
      [](double x, double y) { return x / y; });
}
Traced operator-(const Traced& a) {
  return unary(a, neg, [](double x) { return -x; });
}
Traced operator<(const Traced& a, const Traced& b) {
  return condition(a, b, lt, [](double x, double y) { return x < y; });
}
Traced operator<=(const Traced& a, const Traced& b) {
  return condition(a, b, le, [](double x, double y) { return x <= y; });
}
Traced operator>(const Traced& a, const Traced& b) {
  return condition(a, b, gt, [](double x, double y) { return x > y; });
}
Traced operator>=(const Traced& a, const Traced& b) {
  return condition(a, b, ge, [](double x, double y) { return x >= y; });
}
Traced operator==(const Traced& a, const Traced& b) {
  return condition(a, b, eq, [](double x, double y) { return x == y; });
}
Traced operator!=(const Traced& a, const Traced& b) {
  return condition(a, b, ne, [](double x, double y) { return x != y; });
}
Traced operator&&(const Traced& a, const Traced& b) {
  return condition(a, b, logical_and, [](double x, double y) { return x != 0 && y != 0; });
}
Traced operator||(const Traced& a, const Traced& b) {
  return condition(a, b, logical_or, [](double x, double y) { return x != 0 || y != 0; });
}
Traced operator!(const Traced& a) {
  Traced y = unary(a, logical_not, [](double x) { return x == 0 ? 1.0 : 0.0; });
  y.like = a.like;
  return y;
}
Traced where(const Traced& mask, const Traced& a, const Traced& b) {
  if (mask.is_number) return mask.number != 0 ? a : b;
  if (mask.missing() || a.missing() || b.missing()) return missing;
  if (a.is_number && b.is_number)  // their own type would be float32
    return Traced(xgrad::where(mask.tensor, full({}, a.number, {.dtype = mask.like}), b.number));
  return Traced(xgrad::where(mask.tensor, operand(a), operand(b)));
}
Traced max(const Traced& a, const Traced& b) { return where(a > b || a != a, a, b); }
Traced min(const Traced& a, const Traced& b) { return where(a < b || a != a, a, b); }

}  // namespace xgrad::detail
