// reduce.hpp: products of lines, sums of squares, and division by a number.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

#include "kernels/axis_split.hpp"

namespace xgrad::detail {

/// y (outer, inner) = the product of each line; integers wrap, an empty line gives 1. Not bool.
void reduce_to_product(DType dtype, const AxisSplit& lines, const void* x, void* y);
/// dx = dy times the product of the others in the line, without a division, so that zeros do no
/// harm. Floating dtypes.
void product_gradient(DType dtype, const AxisSplit& lines, const void* x, const void* dy, void* dx);

/// y (rows) = the sum of the squares of each row of x (rows, n). Floating dtypes.
void reduce_to_squares(DType dtype, std::int64_t rows, std::int64_t n, const void* x, void* y);

/// y /= divisor, for n elements of a floating dtype.
void divide_by(DType dtype, double divisor, std::int64_t n, void* y);

}  // namespace xgrad::detail
