// extreme.hpp: the largest or the least element of each line.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

#include "kernels/axis_split.hpp"

namespace xgrad::detail {

enum class Extreme { least, largest };

// Lines are not empty.

/// y (outer, inner) = the extreme of each line of x; NaN where a line has one. Any dtype.
void reduce_to_extreme(DType dtype, const AxisSplit& lines, Extreme which, const void* x, void* y);
/// at (outer, inner) = where it is first: the first NaN, where a line has one.
void positions_of_extremes(DType dtype, const AxisSplit& lines, Extreme which, const void* x,
                           std::int64_t* at);
/// dx = dy / count times 1 for the elements of a line that are equal to y, of which there are
/// `count`, and times 0 for the others. NaN equals NaN. y and dy are (outer, inner). Floating
/// dtypes.
void extreme_gradient(DType dtype, const AxisSplit& lines, const void* x, const void* y,
                      const void* dy, void* dx);

}  // namespace xgrad::detail
