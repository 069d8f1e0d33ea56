// arithmetic.hpp: + - * / on tensors and numbers. Operands broadcast and promote as in PyTorch.
//
// Gradients are summed over broadcast dims. For the gradient, add and sub save nothing, mul saves
// the other operand, and div saves both.
#pragma once

#include <string_view>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// a + alpha b
/// @check add(a, b); pairs
/// @check add(a, b, 0.5); pairs
Tensor add(Operand a, Operand b, Operand alpha = 1);
/// a - alpha b
/// @check sub(a, b); pairs
/// @check sub(a, b, 2.5); pairs
Tensor sub(Operand a, Operand b, Operand alpha = 1);
/// @check mul(a, b); pairs
Tensor mul(Operand a, Operand b);
/// True division; the quotient of integers has the default dtype.
/// @check div(a, b); pairs in (0.5, 2)
Tensor div(Operand a, Operand b);
/// a / b, rounded down if rounding_mode is "floor", towards 0 if it is "trunc". Integers stay
/// integers. @throws ValueError for another rounding_mode, or an integer division by zero. @grad 0.
Tensor div(Operand a, Operand b, std::string_view rounding_mode);
inline Tensor floor_divide(Operand a, Operand b) { return div(a, b, "floor"); }
/// b - alpha a
inline Tensor rsub(Operand a, Operand b, Operand alpha = 1) { return sub(b, a, alpha); }
/// @check neg(x); any in (-2, 2)
Tensor neg(Operand x);
inline Tensor positive(Operand x) {
  static_cast<void>(x.dtype());  // throws for an undefined tensor
  return x.materialize();
}

inline Tensor operator+(Operand a, Operand b) { return add(a, b); }
inline Tensor operator-(Operand a, Operand b) { return sub(a, b); }
inline Tensor operator*(Operand a, Operand b) { return mul(a, b); }
inline Tensor operator/(Operand a, Operand b) { return div(a, b); }
inline Tensor operator-(Operand x) { return neg(x); }
inline Tensor operator+(const Tensor& x) { return x; }

// Bind x to a new tensor. The tensor that x referred to before is not changed.
inline Tensor& operator+=(Tensor& x, Operand y) { return x = add(Operand(x, y.site()), y); }
inline Tensor& operator-=(Tensor& x, Operand y) { return x = sub(Operand(x, y.site()), y); }
inline Tensor& operator*=(Tensor& x, Operand y) { return x = mul(Operand(x, y.site()), y); }
inline Tensor& operator/=(Tensor& x, Operand y) { return x = div(Operand(x, y.site()), y); }

// A temporary, such as the slice x[i], is not a variable that could be bound to a new tensor.
Tensor& operator+=(Tensor&&, Operand y) = delete;  // write x = index_put(x, {i}, x[i] + y)
Tensor& operator-=(Tensor&&, Operand y) = delete;  // write x = index_put(x, {i}, x[i] - y)
Tensor& operator*=(Tensor&&, Operand y) = delete;  // write x = index_put(x, {i}, x[i] * y)
Tensor& operator/=(Tensor&&, Operand y) = delete;  // write x = index_put(x, {i}, x[i] / y)

}  // namespace xgrad
