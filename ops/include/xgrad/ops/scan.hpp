// scan.hpp: running totals along an axis, and what is made of neighbours on it.
//
// @throws ShapeError for a dim that is not there.
#pragma once

#include <xgrad/ops/sorting.hpp>

namespace xgrad {

/// y[i] = x[0] + ... + x[i] along an axis, added in double; of bools and whole numbers an int64.
/// @grad  dx[i] = dy[i] + ... + dy[n - 1]; reads nothing.
Tensor cumsum(Operand x, int dim);
/// y[i] = x[0] ... x[i]; zeros are no harm to the gradient, which has no division.
/// @grad  dx[i] = x[0] ... x[i - 1] (dy[i] + x[i + 1] (dy[i + 1] + ...)); reads x and y.
Tensor cumprod(Operand x, int dim);
/// y[i] = log(e^x[0] + ... + e^x[i]), without overflow. @grad  dx[i] = sum over j from i on of
/// dy[j] e^(x[i] - y[j]); reads x and y.
Tensor logcumsumexp(Operand x, int dim);
/// The largest so far, and the last position that had it; NaN stays. @grad to that position.
ValuesIndices cummax(Operand x, int dim);
ValuesIndices cummin(Operand x, int dim);

/// Differences of neighbours along an axis, taken n times, after prepend and append were put there.
/// @throws ValueError if n is negative. @grad made of ops.
Tensor diff(Operand x, int n = 1, int dim = -1, const Tensor& prepend = {},
            const Tensor& append = {});
/// The integral by trapezoids along an axis: at points x, a vector or shaped as y, or dx apart.
/// @throws ShapeError if x does not fit. @grad made of ops.
Tensor trapezoid(Operand y, const Tensor& x = {}, double dx = 1, int dim = -1);
/// All integrals from the first point on.
Tensor cumulative_trapezoid(Operand y, const Tensor& x = {}, double dx = 1, int dim = -1);

}  // namespace xgrad
