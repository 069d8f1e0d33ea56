// scan.hpp: cumulative ops along a dim, differences and integrals.
//
// @throws ShapeError for a dim out of range.
#pragma once

#include <xgrad/ops/sorting.hpp>

namespace xgrad {

/// Cumulative sum y[i] = x[0] + ... + x[i] along dim, added in double. Of bool and int64, an int64.
/// @grad  dx[i] = dy[i] + ... + dy[n - 1]; saves nothing.
/// @check cumsum(x, 1); x [3, 5]; x [2, 0]
Tensor cumsum(Operand x, Dim dim);
/// Cumulative product y[i] = x[0] ... x[i] along dim. The gradient is computed without division, so
/// it is correct for zeros.
/// @grad  dx[i] = x[0] ... x[i - 1] (dy[i] + x[i + 1] (dy[i + 1] + ...)); saves x and y.
/// @check cumprod(x, 1); x [3, 4]; x [2, 3, 2]; x [4, 2]
Tensor cumprod(Operand x, Dim dim);
/// y[i] = log(e^x[0] + ... + e^x[i]) along dim, computed without overflow. @grad  dx[i] = the sum
/// of dy[j] e^(x[i] - y[j]) over j >= i; saves x and y.
/// @check logcumsumexp(x, 1); x [3, 4]; x [2, 3, 2]
Tensor logcumsumexp(Operand x, Dim dim);
/// Cumulative maximum along dim, and the last index at which it occurs. NaN propagates. @grad dx =
/// dy, added at these indices.
/// @check cummax(x, 1).values; x [3, 5]
ValuesIndices cummax(Operand x, Dim dim);
/// @check cummin(x, 0).values; x [3, 5]
ValuesIndices cummin(Operand x, Dim dim);

/// The nth difference along dim: x[i + 1] - x[i], applied n times, after prepend and append have
/// been concatenated to x. @throws ValueError if n is negative. @grad made of ops.
/// @check diff(x); x [3, 4]
/// @check diff(x, 2, 0); x [5, 2]
Tensor diff(Operand x, int n = 1, Dim dim = -1, const Tensor& prepend = {},
            const Tensor& append = {});
/// Integrates y along dim by the trapezoidal rule. x, 1-d or of y's shape, holds the sample points;
/// without x, they are dx apart. @throws ShapeError if x does not match y. @grad made of ops.
/// @check trapezoid(y, x); y [3, 4], x [4]
/// @check trapezoid(y, {}, 0.5); y [5]
Tensor trapezoid(Operand y, const Tensor& x = {}, double dx = 1, Dim dim = -1);
/// The cumulative integrals from the first point to each of the others.
/// @check cumulative_trapezoid(y, x, 1, 0); y [4, 2], x [4]
Tensor cumulative_trapezoid(Operand y, const Tensor& x = {}, double dx = 1, Dim dim = -1);

}  // namespace xgrad
