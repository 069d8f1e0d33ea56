// comparison.hpp: elementwise comparisons, which return bool tensors (@grad none), and where, which
// selects by one. Operands broadcast and promote as in PyTorch.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

Tensor eq(Operand a, Operand b);
Tensor ne(Operand a, Operand b);
Tensor lt(Operand a, Operand b);
Tensor le(Operand a, Operand b);
Tensor gt(Operand a, Operand b);
Tensor ge(Operand a, Operand b);
/// Logical ops. An element of another dtype counts as true if it is not 0.
Tensor logical_and(Operand a, Operand b);
Tensor logical_or(Operand a, Operand b);
Tensor logical_not(Operand x);

inline Tensor operator==(Operand a, Operand b) { return eq(a, b); }
inline Tensor operator!=(Operand a, Operand b) { return ne(a, b); }
inline Tensor operator<(Operand a, Operand b) { return lt(a, b); }
inline Tensor operator<=(Operand a, Operand b) { return le(a, b); }
inline Tensor operator>(Operand a, Operand b) { return gt(a, b); }
inline Tensor operator>=(Operand a, Operand b) { return ge(a, b); }

/// a where condition is true, b elsewhere. @throws DTypeError if condition is not a bool tensor.
/// @grad  da = dy where condition is true, db = dy elsewhere. An element that was not selected gets
///        exactly 0, even if dy is infinite. Saves condition.
/// @check where(x > 0, x, y); x [3, 4], y [4]
Tensor where(const Tensor& condition, Operand a, Operand b);

}  // namespace xgrad
