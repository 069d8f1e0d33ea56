// aliases.hpp: alternative names of ops, as in PyTorch and NumPy.
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/products.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/scatter.hpp>

namespace xgrad {

inline Tensor absolute(Operand x) { return abs(x); }
inline Tensor arccos(Operand x) { return acos(x); }
inline Tensor arccosh(Operand x) { return acosh(x); }
inline Tensor arcsin(Operand x) { return asin(x); }
inline Tensor arcsinh(Operand x) { return asinh(x); }
inline Tensor arctan(Operand x) { return atan(x); }
inline Tensor arctan2(Operand y, Operand x) { return atan2(y, x); }
inline Tensor arctanh(Operand x) { return atanh(x); }
inline Tensor clip(Operand x, Operand min, Operand max) { return clamp(x, min, max); }
inline Tensor divide(Operand a, Operand b) { return div(a, b); }
inline Tensor true_divide(Operand a, Operand b) { return div(a, b); }
inline Tensor fix(Operand x) { return trunc(x); }
inline Tensor multiply(Operand a, Operand b) { return mul(a, b); }
inline Tensor negative(Operand x) { return neg(x); }
inline Tensor sgn(Operand x) { return sign(x); }
inline Tensor subtract(Operand a, Operand b) { return sub(a, b); }
inline Tensor greater(Operand a, Operand b) { return gt(a, b); }
inline Tensor greater_equal(Operand a, Operand b) { return ge(a, b); }
inline Tensor less(Operand a, Operand b) { return lt(a, b); }
inline Tensor less_equal(Operand a, Operand b) { return le(a, b); }
inline Tensor not_equal(Operand a, Operand b) { return ne(a, b); }
inline Tensor concat(const TensorList& tensors, Dim dim = 0,
                     Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return cat(tensors, dim, site);
}
inline Tensor concatenate(const TensorList& tensors, Dim dim = 0,
                          Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return cat(tensors, dim, site);
}
inline Tensor ger(Operand a, Operand b) { return outer(a, b); }
}  // namespace xgrad
