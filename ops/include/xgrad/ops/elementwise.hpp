// elementwise.hpp: functions of each element. Whole numbers are converted to float32.
//
// Any shape, float32 or float64; the result has the same shape and dtype. Within 1 ULP of the exact
// value unless told otherwise; NaN, infinities and signed zeros come out as from <cmath>.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// e^x. @grad dx = dy * y; reads y.
Tensor exp(Operand x);
/// Natural logarithm; -inf at 0, NaN below. @grad dx = dy / x; reads x.
Tensor log(Operand x);
/// Square root; NaN below 0. @grad dx = dy / (2 y); reads y.
Tensor sqrt(Operand x);
/// x * x; whole numbers stay whole. @grad dx = dy * 2 x; reads x.
Tensor square(Operand x);
/// Absolute value; whole numbers stay whole. @grad dx = dy * sign(x), 0 at 0; reads x.
Tensor abs(Operand x);
/// @grad dx = dy * (1 - y^2); reads y.
Tensor tanh(Operand x);
/// 1 / (1 + e^-x), within 2.5 ULP for x > -87 (float64: -708). @grad dx = dy * y (1 - y); reads y.
Tensor sigmoid(Operand x);
/// max(x, 0), NaN for NaN; whole numbers stay whole. @grad dx = dy where y > 0, 0 elsewhere, at 0
/// too; reads y.
Tensor relu(Operand x);

}  // namespace xgrad
