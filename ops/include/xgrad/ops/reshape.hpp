// reshape.hpp: the same elements in another shape or order.
#pragma once

#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Same elements, row-major, in another shape; one size may be -1, which is worked out. Shares the
/// storage. @throws ShapeError if the numbers of elements differ.
/// @grad dx = dy reshaped back; reads nothing.
/// @check reshape(x, {2, -1}); x [3, 4]; x [2, 0, 5]
Tensor reshape(Operand x, const Shape& shape);
/// The axes from start_dim to end_dim made one. Shares the storage.
/// @check flatten(x, 1); x [2, 3, 4]
Tensor flatten(Operand x, Dim start_dim = 0, Dim end_dim = -1);
/// Two axes swapped; copies. @grad dx = dy swapped back; reads nothing.
/// @check transpose(x, 1, -1); x [2, 3, 4]
Tensor transpose(Operand x, Dim dim0, Dim dim1);
/// A matrix transposed; vectors and 0-d tensors as they are. @throws ShapeError above two axes.
/// @check t(x); x [3, 2]
Tensor t(Operand x);
/// Repeated along axes of size 1 and along new ones in front; -1 keeps a size.
/// @grad dx = dy summed back; reads nothing.
/// @check expand(x, {2, -1, 4}); x [3, 1]
Tensor expand(Operand x, const Shape& shape);

/// The axes in another order: axis i of the result is axis dims[i] of x. Copies.
/// @throws ShapeError unless dims names each axis once. @grad dx = dy in the old order.
/// @check permute(x, {2, 0, 1}); x [2, 3, 4]
Tensor permute(Operand x, const std::vector<int>& dims);
/// Without the axes of size 1, or without those of the named ones that have size 1. Shares storage.
/// @check squeeze(x, -1); x [1, 3, 1]
Tensor squeeze(Operand x, const Dims& dims = {});
/// With a new axis of size 1 in place `dim`, from -(axes + 1) to the number of axes.
/// @check unsqueeze(x, -2); x [3, 2]
Tensor unsqueeze(Operand x, Dim dim);

// The same under other names, or for a special case.

/// All elements in a row. Shares the storage.
inline Tensor ravel(Operand x) { return reshape(x, {-1}); }
inline Tensor view(Operand x, const Shape& shape) { return reshape(x, shape); }
/// One axis made several, whose sizes multiply to its own; one may be -1. Shares the storage.
/// @throws ShapeError unless they do.
/// @check unflatten(x, 1, {2, -1}); x [2, 6]
Tensor unflatten(Operand x, Dim dim, const Shape& sizes);
inline Tensor broadcast_to(Operand x, const Shape& shape) { return expand(x, shape); }
inline Tensor expand_as(Operand x, const Tensor& other) {
  const OpScope scope("expand_as", x);
  return expand(x, other.shape());
}
/// All expanded to the shape they broadcast to. @throws ShapeError if they do not.
/// @check broadcast_tensors({x, y})[0]; x [3, 1], y [1, 4]
std::vector<Tensor> broadcast_tensors(const TensorList& tensors,
                                      Site site = {__builtin_FILE(), __builtin_LINE()});
inline Tensor swapaxes(Operand x, Dim dim0, Dim dim1) { return transpose(x, dim0, dim1); }
inline Tensor swapdims(Operand x, Dim dim0, Dim dim1) { return transpose(x, dim0, dim1); }
/// Axes moved to new places, the others keeping their order.
/// @throws ShapeError unless there are as many places as axes, each once.
/// @check movedim(x, {0, 1}, {2, 0}); x [2, 3, 4]
Tensor movedim(Operand x, const Dims& source, const Dims& destination);
inline Tensor moveaxis(Operand x, const Dims& source, const Dims& destination) {
  return movedim(x, source, destination);
}

namespace detail {
/// A dim of x counted from the front. @throws ShapeError, naming op, if x has no such dim.
int wrap_dim(const char* op, const Operand& x, int dim);
/// Dims of x counted from the front. @throws ShapeError likewise, or if one is named twice.
std::vector<int> distinct_dims(const char* op, const Operand& x, const std::vector<int>& dims);
}  // namespace detail
}  // namespace xgrad
