// strided_copy.hpp: the pair of ops that copy regular selections of elements out and put them back:
// each is the other's gradient.
#pragma once

#include <xgrad/graph/operand.hpp>

#include "kernels/strided.hpp"

namespace xgrad::detail {

/// All elements of a row-major value.
StridedRegion row_major(const Shape& shape);

/// The selected elements of x, in a shape of as many. @grad adds into the selection alone.
Tensor as_strided_copy(const char* op, const Operand& x, const Shape& shape,
                       const StridedRegion& view);
/// Zeros but for the selection, which has x's elements.
Tensor as_strided_scatter(const Tensor& x, const Shape& shape, const StridedRegion& view);

}  // namespace xgrad::detail
