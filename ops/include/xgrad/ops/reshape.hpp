// reshape.hpp: ops that change the shape, or the order of the dims.
#pragma once

#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Returns x with another shape and the same elements in row-major order. One size may be -1; it is
/// inferred. Shares the storage. @throws ShapeError if the numbers of elements differ.
/// @grad dx = dy, reshaped back; saves nothing.
/// @check reshape(x, {2, -1}); x [3, 4]; x [2, 0, 5]
Tensor reshape(Operand x, const Shape& shape);
/// Merges the dims from start_dim to end_dim into one. Shares the storage.
/// @check flatten(x, 1); x [2, 3, 4]
Tensor flatten(Operand x, Dim start_dim = 0, Dim end_dim = -1);
/// Swaps two dims. Copies. @grad dx = dy, transposed back; saves nothing.
/// @check transpose(x, 1, -1); x [2, 3, 4]
Tensor transpose(Operand x, Dim dim0, Dim dim1);
/// Transposes a 2-d tensor; returns 1-d and 0-d tensors as they are. @throws ShapeError if x has
/// more than 2 dims.
/// @check t(x); x [3, 2]
Tensor t(Operand x);
/// Repeats x along dims of size 1 and along new dims in front. A size of -1 keeps the size of x.
/// Copies. @throws ShapeError if a size of x is neither 1 nor the requested size.
/// @grad dx = dy, summed over the expanded dims; saves nothing.
/// @check expand(x, {2, -1, 4}); x [3, 1]
Tensor expand(Operand x, const Shape& shape);

/// Reorders the dims: dim i of the result is dim dims[i] of x. Copies.
/// @throws ShapeError unless dims names each dim once. @grad dx = dy, permuted back.
/// @check permute(x, {2, 0, 1}); x [2, 3, 4]
Tensor permute(Operand x, const std::vector<int>& dims);
/// Removes the dims of size 1, or, given dims, those of them that have size 1. Shares the storage.
/// @check squeeze(x, -1); x [1, 3, 1]
Tensor squeeze(Operand x, const Dims& dims = {});
/// Inserts a dim of size 1 at index dim, which is in [-x.dim() - 1, x.dim()]. Shares the storage.
/// @check unsqueeze(x, -2); x [3, 2]
Tensor unsqueeze(Operand x, Dim dim);

// Other names and special cases.

/// Flattens x to 1-d. Shares the storage.
inline Tensor ravel(Operand x) { return reshape(x, {-1}); }
inline Tensor view(Operand x, const Shape& shape) { return reshape(x, shape); }
/// Splits a dim into several, whose sizes must multiply to its size; one may be -1, and is
/// inferred. Shares the storage. @throws ShapeError if the sizes do not match.
/// @check unflatten(x, 1, {2, -1}); x [2, 6]
Tensor unflatten(Operand x, Dim dim, const Shape& sizes);
inline Tensor broadcast_to(Operand x, const Shape& shape) { return expand(x, shape); }
inline Tensor expand_as(Operand x, const Tensor& other) {
  const OpScope scope("expand_as", x);
  return expand(x, other.shape());
}
/// Expands all tensors to their broadcast shape. @throws ShapeError if they do not broadcast.
/// @check broadcast_tensors({x, y})[0]; x [3, 1], y [1, 4]
std::vector<Tensor> broadcast_tensors(const TensorList& tensors,
                                      Site site = {__builtin_FILE(), __builtin_LINE()});
inline Tensor swapaxes(Operand x, Dim dim0, Dim dim1) { return transpose(x, dim0, dim1); }
inline Tensor swapdims(Operand x, Dim dim0, Dim dim1) { return transpose(x, dim0, dim1); }
/// Moves the dims in source to the places in destination. The other dims keep their order.
/// @throws ShapeError unless both name the same number of dims, each dim once.
/// @check movedim(x, {0, 1}, {2, 0}); x [2, 3, 4]
Tensor movedim(Operand x, const Dims& source, const Dims& destination);
inline Tensor moveaxis(Operand x, const Dims& source, const Dims& destination) {
  return movedim(x, source, destination);
}

namespace detail {
/// The nonnegative index of a dim of x. @throws ShapeError, naming op, if dim is out of range.
int wrap_dim(const char* op, const Operand& x, int dim);
/// The nonnegative indices of dims of x. @throws ShapeError, naming op, if one is out of range or
/// repeated.
std::vector<int> distinct_dims(const char* op, const Operand& x, const std::vector<int>& dims);
}  // namespace detail
}  // namespace xgrad
