// along_lines.hpp: elements taken from, and added at, positions along an axis.
#pragma once

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/record.hpp>

namespace xgrad::detail {

/// Whether index has the shape of x but along the axis, so that it lies over its lines.
bool lies_over(const Tensor& index, const Shape& x, int axis);

// index is int64 and lies over x.

/// The elements of x there. @throws ValueError for a position outside [0, size).
/// @grad added where they came from.
Tensor gather_along(const OpName& op, const Operand& x, int axis, const Tensor& index);

/// x with src added there. @throws ValueError likewise. The axis is the last.
/// @grad dx = dy, dsrc = dy gathered.
Tensor add_along(const OpName& op, const Operand& x, const Tensor& index, const Tensor& src);

}  // namespace xgrad::detail
