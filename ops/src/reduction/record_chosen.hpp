// record_chosen.hpp: reductions that choose among the elements, and their gradient.
#pragma once

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/storage.hpp>

namespace xgrad::detail {

/// Records a value that was chosen from x's elements along the axes.
/// @grad  dx = dy, shared between the elements equal to y; NaN equals NaN. Reads x and the result.
Tensor record_chosen(const char* op, const Operand& x, Value value, std::uint64_t bits);

}  // namespace xgrad::detail
