#include "checks.hpp"

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::detail {

void check_floating(const char* op, const Operand& x) {
  if (!is_floating(x.dtype()))
    throw DTypeError(fmt::format("{}: {} must be float32 or float64; convert it with .to(float32)",
                                 op, describe(x)));
}

}  // namespace xgrad::detail
