// reshape.hpp: the same elements in another shape or order.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Same elements, row-major, in another shape; one size may be -1, which is worked out. Shares the
/// storage. @throws ShapeError if the numbers of elements differ.
/// @grad dx = dy reshaped back; reads nothing.
Tensor reshape(Operand x, const Shape& shape);
/// The axes from start_dim to end_dim made one. Shares the storage.
Tensor flatten(Operand x, int start_dim = 0, int end_dim = -1);
/// Two axes swapped; copies. @grad dx = dy swapped back; reads nothing.
Tensor transpose(Operand x, int dim0, int dim1);
/// A matrix transposed; vectors and 0-d tensors as they are. @throws ShapeError above two axes.
Tensor t(Operand x);
/// Repeated along axes of size 1 and along new ones in front; -1 keeps a size.
/// @grad dx = dy summed back; reads nothing.
Tensor expand(Operand x, const Shape& shape);

/// The axes in another order: axis i of the result is axis dims[i] of x. Copies.
/// @throws ShapeError unless dims names each axis once. @grad dx = dy in the old order.
Tensor permute(Operand x, const std::vector<int>& dims);
/// Without the axes of size 1, or without those of the named ones that have size 1. Shares storage.
Tensor squeeze(Operand x, const Dims& dims = {});
/// With a new axis of size 1 in place `dim`, from -(axes + 1) to the number of axes.
Tensor unsqueeze(Operand x, int dim);
/// The order along the named axes reversed; copies. @throws ShapeError if one is named twice.
Tensor flip(Operand x, const std::vector<int>& dims);
/// Moved on along axes, what falls off the end coming in at the front; copies. Without dims, of all
/// elements in a row. @throws ShapeError unless there is one shift for each dim.
Tensor roll(Operand x, const std::vector<std::int64_t>& shifts, const std::vector<int>& dims = {});

namespace detail {
/// A dim of x counted from the front. @throws ShapeError, naming op, if x has no such dim.
int wrap_dim(const char* op, const Operand& x, int dim);
}  // namespace detail
}  // namespace xgrad
