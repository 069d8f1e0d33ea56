// scan.hpp: running totals along an axis.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// y[i] = x[0] + ... + x[i] along an axis, added in double; of bools and whole numbers an int64.
/// @grad  dx[i] = dy[i] + ... + dy[n - 1]; reads nothing.
Tensor cumsum(Operand x, int dim);

}  // namespace xgrad
