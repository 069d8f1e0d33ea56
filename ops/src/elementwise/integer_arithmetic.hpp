// integer_arithmetic.hpp: division and powers of integers, which refuse some of them.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad::detail {

// Operands are bool or int64, the result is int64. @throws ValueError for a division by 0, or a
// negative exponent.

/// a / b rounded down, or towards 0.
Tensor integer_quotient(const Operand& a, const Operand& b, bool down);
/// What is left of a, with the sign of b (as Python's %), or with the sign of a (as C's).
Tensor integer_remainder(const char* op, const Operand& a, const Operand& b, bool sign_of_divisor);
/// It wraps around, as products do.
Tensor integer_pow(const Operand& base, const Operand& exponent);

}  // namespace xgrad::detail
