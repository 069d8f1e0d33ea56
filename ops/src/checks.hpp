// checks.hpp: the check of ops that integers have no answer for.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad::detail {

/// @throws DTypeError, naming op, unless x is float32 or float64.
void check_floating(const char* op, const Operand& x);

}  // namespace xgrad::detail
