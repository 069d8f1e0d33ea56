// linear_recurrence.hpp: the recurrence that running products and sums of all kinds are made of.
#pragma once

#include <xgrad/graph/operand.hpp>

#include "kernels/scan.hpp"

namespace xgrad::detail {

/// s[k] = a[k] s[k - 1] + b[k] along an axis; backward from the other end. It begins with b at the
/// axis' end, and anew wherever `restarts` (bool) is true, if that is given.
/// a, b and restarts have one shape, a and b one float type.
/// @grad  g[k] = ds[k] + a[k + 1] g[k + 1], the same recurrence the other way; db = g, da[k] = g[k]
///        s[k - 1]. No division, so zeros do no harm, and there is a gradient of any order.
Tensor linear_scan(const Operand& a, const Operand& b, int axis,
                   Direction direction = Direction::forward, const Tensor& restarts = {});

/// The elements moved by one along an axis, in the scan's direction; 0 comes in.
Tensor shift_by_one(const Tensor& x, int axis, Direction direction);

}  // namespace xgrad::detail
