// logic.hpp: questions about elements and tensors; @grad none. Comparisons are in comparison.hpp.
#pragma once

#include <xgrad/ops/comparison.hpp>

namespace xgrad {

// What elements are: bool. Integers are finite.

Tensor isnan(Operand x);
Tensor isinf(Operand x);
Tensor isposinf(Operand x);
Tensor isneginf(Operand x);
Tensor isfinite(Operand x);
/// Whether the sign bit is set, of -0 too.
Tensor signbit(Operand x);

Tensor logical_xor(Operand a, Operand b);
// Of bools, or of the bits of integers. @throws DTypeError for floats.
Tensor bitwise_and(Operand a, Operand b);
Tensor bitwise_or(Operand a, Operand b);
Tensor bitwise_xor(Operand a, Operand b);
Tensor bitwise_not(Operand x);

/// 0 below 0, 1 above, `values` at 0; NaN stays. @grad none, as in PyTorch.
Tensor heaviside(Operand x, Operand values);

/// |a - b| <= atol + rtol |b|, elementwise; equal infinities are close, NaN if equal_nan.
Tensor isclose(Operand a, Operand b, double rtol = 1e-5, double atol = 1e-8,
               Flag equal_nan = false);
/// Whether all elements are.
bool allclose(Operand a, Operand b, double rtol = 1e-5, double atol = 1e-8, Flag equal_nan = false);
/// Whether both have one shape and equal elements.
bool equal(const Tensor& a, const Tensor& b, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Whether each element of x is one of those of y.
Tensor isin(Operand x, const Tensor& y);

}  // namespace xgrad
