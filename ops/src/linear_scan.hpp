// linear_scan.hpp: the recurrence that running products and sums of all kinds are made of.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad::detail {

enum class Direction { forward, backward };

/// s[k] = a[k] s[k - 1] + b[k] along an axis, from s[-1] = 0; backward from the other end.
/// a and b have one shape and float type.
/// @grad  g[k] = ds[k] + a[k + 1] g[k + 1], the same recurrence the other way; db = g, da[k] = g[k]
///        s[k - 1]. No division, so zeros do no harm, and there is a gradient of any order.
Tensor linear_scan(const Operand& a, const Operand& b, int axis,
                   Direction direction = Direction::forward);

/// The elements moved by one along an axis, in the scan's direction; 0 comes in.
Tensor shift_by_one(const Tensor& x, int axis, Direction direction);

}  // namespace xgrad::detail
