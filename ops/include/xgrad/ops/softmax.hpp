// softmax.hpp: probabilities from scores, along one axis; no overflow for any finite scores.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// exp(x) / sum(exp(x)) along dim; float32 or float64. @throws DTypeError, ShapeError.
/// @grad dx = y (dy - sum(dy y)); reads y.
/// @check softmax(x, 1); x [3, 5]; x [2, 3, 2]
Tensor softmax(Operand x, Dim dim);
/// log(softmax(x)), computed as x - log(sum(exp(x))). @grad dx = dy - exp(y) sum(dy); reads y.
/// @check log_softmax(x, 0); x [3, 5]
Tensor log_softmax(Operand x, Dim dim);
/// softmax(-x).
/// @check softmin(x, 1); x [3, 5]
Tensor softmin(Operand x, Dim dim);

}  // namespace xgrad
