// scan.hpp: running totals along lines.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

#include "kernels/axis_split.hpp"
#include "kernels/extreme.hpp"

namespace xgrad::detail {

enum class Direction { forward, backward };

// y[i] holds what x[0], ..., x[i] of its line give. Floating-point totals are kept in double, so
// that no rounding is carried along; integers wrap. y may be x.

/// From the first element on, or from the last one back. Not bool.
void running_sum(DType dtype, const AxisSplit& lines, Direction direction, const void* x, void* y);
/// Not bool.
void running_product(DType dtype, const AxisSplit& lines, const void* x, void* y);
/// log(sum(exp(x))), without overflow. Floating dtypes.
void running_logsumexp(DType dtype, const AxisSplit& lines, const void* x, void* y);
/// The last position of the extreme so far, or of NaN: as elements of x, and along the line.
void running_extreme(DType dtype, const AxisSplit& lines, Extreme which, const void* x,
                     std::int64_t* elements, std::int64_t* places);

/// s[i] = a[i] s[i - 1] + b[i] along each line, or with i + 1; s = b at its beginning, and where
/// `restarts` (may be null) is true. Floating dtypes.
void linear_recurrence(DType dtype, const AxisSplit& lines, Direction direction, const void* a,
                       const void* b, const bool* restarts, void* s);

}  // namespace xgrad::detail
