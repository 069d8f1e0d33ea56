// broadcast_to.hpp: operands brought to one type and shape, for loops without a BroadcastPlan.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad::detail {

/// The elements of an operand, converted and repeated to a shape, without a history; the tensor
/// itself where it fits.
Tensor broadcast_to(const Operand& x, DType dtype, const Shape& shape);

}  // namespace xgrad::detail
