// softmax.hpp: softmax and its logarithm along a dim. No finite input overflows.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// exp(x) / sum(exp(x)) along dim; float32 or float64. @throws DTypeError for another dtype,
/// ShapeError for a dim out of range. @grad dx = y (dy - sum(dy y)); saves y.
/// @check softmax(x, 1); x [3, 5]; x [2, 3, 2]
Tensor softmax(Operand x, Dim dim);
/// log(softmax(x)), computed as x - log(sum(exp(x))). @grad dx = dy - exp(y) sum(dy); saves y.
/// @check log_softmax(x, 0); x [3, 5]
Tensor log_softmax(Operand x, Dim dim);
/// softmax(-x).
/// @check softmin(x, 1); x [3, 5]
Tensor softmin(Operand x, Dim dim);

}  // namespace xgrad
