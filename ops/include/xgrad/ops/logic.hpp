// logic.hpp: predicates on elements and tensors, and bitwise ops; @grad none.
//
// Comparisons are in comparison.hpp.
#pragma once

#include <xgrad/ops/comparison.hpp>

namespace xgrad {

// Elementwise predicates; the result is bool. Integers are finite.

Tensor isnan(Operand x);
Tensor isinf(Operand x);
Tensor isposinf(Operand x);
Tensor isneginf(Operand x);
Tensor isfinite(Operand x);
/// Whether the sign bit is set; true for -0.
Tensor signbit(Operand x);

Tensor logical_xor(Operand a, Operand b);
// Logical on bool, bitwise on int64. @throws DTypeError for float32 and float64.
Tensor bitwise_and(Operand a, Operand b);
Tensor bitwise_or(Operand a, Operand b);
Tensor bitwise_xor(Operand a, Operand b);
Tensor bitwise_not(Operand x);

inline Tensor operator&(Operand a, Operand b) { return bitwise_and(a, b); }
inline Tensor operator|(Operand a, Operand b) { return bitwise_or(a, b); }
inline Tensor operator^(Operand a, Operand b) { return bitwise_xor(a, b); }
inline Tensor operator~(Operand x) { return bitwise_not(x); }
// These bind x to a new tensor; the tensor that x was is unchanged.
inline Tensor& operator&=(Tensor& x, Operand y) { return x = bitwise_and(Operand(x, y.site()), y); }
inline Tensor& operator|=(Tensor& x, Operand y) { return x = bitwise_or(Operand(x, y.site()), y); }
inline Tensor& operator^=(Tensor& x, Operand y) { return x = bitwise_xor(Operand(x, y.site()), y); }
void operator&=(Tensor&& x, Operand y) = delete;  // x[i] is a copy: write x = index_put(x, {i}, y)
void operator|=(Tensor&& x, Operand y) = delete;  // x[i] is a copy: write x = index_put(x, {i}, y)
void operator^=(Tensor&& x, Operand y) = delete;  // x[i] is a copy: write x = index_put(x, {i}, y)

/// 0 where x < 0, 1 where x > 0, `values` where x is 0. NaN stays NaN. @grad none, as in PyTorch.
Tensor heaviside(Operand x, Operand values);

/// Whether |a - b| <= atol + rtol |b|, elementwise. Equal infinities are close; so are two NaN if
/// equal_nan.
Tensor isclose(Operand a, Operand b, double rtol = 1e-5, double atol = 1e-8,
               Flag equal_nan = false);
/// Whether all elements are close.
bool allclose(Operand a, Operand b, double rtol = 1e-5, double atol = 1e-8, Flag equal_nan = false);
/// Whether both have the same shape and equal elements.
bool equal(const Tensor& a, const Tensor& b, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Whether each element of x occurs in y; elementwise.
Tensor isin(Operand x, const Tensor& y);

}  // namespace xgrad
