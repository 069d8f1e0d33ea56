// scan.hpp: running totals along an axis, and what is made of neighbours on it.
//
// @throws ShapeError for a dim that is not there.
#pragma once

#include <xgrad/ops/sorting.hpp>

namespace xgrad {

/// y[i] = x[0] + ... + x[i] along an axis, added in double; of bools and integers an int64.
/// @grad  dx[i] = dy[i] + ... + dy[n - 1]; reads nothing.
/// @check cumsum(x, 1); x [3, 5]; x [2, 0]
Tensor cumsum(Operand x, Dim dim);
/// y[i] = x[0] ... x[i]; zeros are no harm to the gradient, which has no division.
/// @grad  dx[i] = x[0] ... x[i - 1] (dy[i] + x[i + 1] (dy[i + 1] + ...)); reads x and y.
/// @check cumprod(x, 1); x [3, 4]; x [2, 3, 2]; x [4, 2]
Tensor cumprod(Operand x, Dim dim);
/// y[i] = log(e^x[0] + ... + e^x[i]), without overflow. @grad  dx[i] = sum over j from i on of
/// dy[j] e^(x[i] - y[j]); reads x and y.
/// @check logcumsumexp(x, 1); x [3, 4]; x [2, 3, 2]
Tensor logcumsumexp(Operand x, Dim dim);
/// The largest so far, and the last position that had it; NaN stays. @grad to that position.
/// @check cummax(x, 1).values; x [3, 5]
ValuesIndices cummax(Operand x, Dim dim);
/// @check cummin(x, 0).values; x [3, 5]
ValuesIndices cummin(Operand x, Dim dim);

/// Differences of neighbours along an axis, taken n times, after prepend and append were put there.
/// @throws ValueError if n is negative. @grad made of ops.
/// @check diff(x); x [3, 4]
/// @check diff(x, 2, 0); x [5, 2]
Tensor diff(Operand x, int n = 1, Dim dim = -1, const Tensor& prepend = {},
            const Tensor& append = {});
/// The integral by trapezoids along an axis: at points x, a vector or shaped as y, or dx apart.
/// @throws ShapeError if x does not fit. @grad made of ops.
/// @check trapezoid(y, x); y [3, 4], x [4]
/// @check trapezoid(y, {}, 0.5); y [5]
Tensor trapezoid(Operand y, const Tensor& x = {}, double dx = 1, Dim dim = -1);
/// All integrals from the first point on.
/// @check cumulative_trapezoid(y, x, 1, 0); y [4, 2], x [4]
Tensor cumulative_trapezoid(Operand y, const Tensor& x = {}, double dx = 1, Dim dim = -1);

}  // namespace xgrad
