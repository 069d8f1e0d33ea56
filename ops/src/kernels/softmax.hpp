// softmax.hpp: softmax and its logarithm along lines, and their gradients.
#pragma once

#include <xgrad/graph/dtype.hpp>

#include "kernels/axis_split.hpp"

namespace xgrad::detail {

// Floating dtypes. Results may lie where an input does. The largest element is subtracted first, so
// that nothing overflows; NaN, and a line of -inf, give NaN all along the line.

/// y = exp(x) / sum(exp(x)).
void softmax(DType dtype, const AxisSplit& lines, const void* x, void* y);
/// dx = y (dy - sum(dy y)).
void softmax_gradient(DType dtype, const AxisSplit& lines, const void* y, const void* dy, void* dx);

/// y = x - log(sum(exp(x))).
void log_softmax(DType dtype, const AxisSplit& lines, const void* x, void* y);
/// dx = dy - exp(y) sum(dy).
void log_softmax_gradient(DType dtype, const AxisSplit& lines, const void* y, const void* dy,
                          void* dx);

}  // namespace xgrad::detail
