// softmax.hpp: probabilities from scores, along one axis; no overflow for any finite scores.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// exp(x) / sum(exp(x)) along dim; float32 or float64. @throws DTypeError, ShapeError.
/// @grad dx = y (dy - sum(dy y)); reads y.
Tensor softmax(Operand x, int dim);
/// log(softmax(x)), computed as x - log(sum(exp(x))). @grad dx = dy - exp(y) sum(dy); reads y.
Tensor log_softmax(Operand x, int dim);
/// softmax(-x).
Tensor softmin(Operand x, int dim);

}  // namespace xgrad
