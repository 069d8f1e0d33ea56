// scatter.hpp: ops that gather and scatter elements by tensors of indices and by masks.
//
// Any dtype. All ops return a new tensor; none works in place. Indices are int64. @throws
// DTypeError if they are not, ValueError for an index out of range, ShapeError if shapes do not
// match.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/ops/indexing.hpp>

namespace xgrad {

// Ops with one index for each element. index has the number of dims of x, and may be larger than x
// only along dim. Negative indices are not allowed.

/// y[i][j][k] = x[index[i][j][k]][j][k] for dim 0, and likewise for other dims. The result has the
/// shape of index. @grad dx = dy, added at the elements that were read; saves index.
/// @check gather(x, 1, tensor({{2, 0}, {1, 1}})); x [2, 3]
Tensor gather(Operand x, Dim dim, const Tensor& index);
/// x with src added at the elements that gather(x, dim, index) reads. src is at least as large as
/// index along each dim. @grad dx = dy, dsrc = gather(dy, dim, index); saves index.
/// @check scatter_add(x, 1, tensor({{2, 2}, {1, 0}}), y); x [2, 3], y [2, 2]
Tensor scatter_add(Operand x, Dim dim, const Tensor& index, Operand src);
/// x with src, a tensor or a number, written to the elements that gather(x, dim, index) reads.
/// Where an index occurs more than once, the last element of src is written.
/// @grad dx = dy, 0 where written; dsrc = dy gathered at index; saves index.
/// @check scatter(x, 1, tensor({{2, 0}, {1, 1}}), y); x [2, 3], y [2, 2]
Tensor scatter(Operand x, Dim dim, const Tensor& index, Operand src);
/// Like gather, but x and indices broadcast along the dims other than dim. Without dim, takes
/// elements of the flattened x. Negative indices count from the end. @grad as gather.
/// @check take_along_dim(x, tensor({{2, 0}}), 1); x [2, 3]
Tensor take_along_dim(Operand x, const Tensor& indices, std::optional<Dim> dim = {});
/// The elements of the flattened x at index. The result has the shape of index. Negative indices
/// count from the end. @grad dx = dy, added at the elements that were read.
/// @check take(x, tensor({{5, 0}, {0, -2}})); x [2, 3]
Tensor take(Operand x, const Tensor& index);

// Ops with the indices of index(), a slice or a diagonal.

/// x with the elements that index(x, indices) selects replaced by values, which broadcast. If
/// accumulate, values are added instead. @grad dx = dy, 0 at the indices unless accumulate; dvalues
/// = dy at the indices.
/// @check index_put(x, {tensor({0, 2, 0}), Slice(0, 2)}, v); x [3, 3], v [2]
/// @check index_put(x, {tensor({0, 2, 0})}, v, true); x [3, 2], v [3, 2]
Tensor index_put(Operand x, const std::vector<Index>& indices, Operand values,
                 Flag accumulate = false);
/// x with its slice at index i of dim replaced by src. @grad as index_put.
/// @check select_scatter(x, y, 1, 2); x [2, 3], y [2]
Tensor select_scatter(Operand x, Operand src, Dim dim, std::int64_t i);
/// x with the slice along dim replaced by src.
/// @check slice_scatter(x, y, 0, Slice(1, None, 2)); x [5, 2], y [2, 2]
Tensor slice_scatter(Operand x, Operand src, Dim dim = 0, Slice slice = Slice());
/// x with a diagonal, as in diagonal(), replaced by src.
/// @check diagonal_scatter(x, y, 1); x [3, 4], y [3]
Tensor diagonal_scatter(Operand x, Operand src, int offset = 0, Dim dim1 = 0, Dim dim2 = 1);

// Ops with a mask, a bool tensor that broadcasts with x. @throws DTypeError if it is not bool.

/// value, a number or a 0-d tensor, where mask is true, x elsewhere. @grad dx = dy where mask is
/// false, dvalue = the sum of dy where it is true.
/// @check masked_fill(x, tensor({true, false, true}), v); x [2, 3], v []
Tensor masked_fill(Operand x, const Tensor& mask, Operand value);
/// The elements of x where mask is true, as a 1-d tensor. @grad dx = dy at these elements, 0
/// elsewhere.
/// @check masked_select(x, tensor({true, false, true})); x [2, 3]
Tensor masked_select(Operand x, const Tensor& mask);
/// x with its elements where mask is true replaced by the first elements of the flattened source,
/// in order. @throws ShapeError if source has too few elements.
/// @check masked_scatter(x, tensor({true, false, true}), y); x [2, 3], y [5]
Tensor masked_scatter(Operand x, const Tensor& mask, Operand source);

// Indices; @grad none.

/// The indices of the nonzero elements: (n, x.dim()), one row for each, in row-major order.
Tensor nonzero(const Tensor& x, Site site = {__builtin_FILE(), __builtin_LINE()});
inline Tensor argwhere(const Tensor& x, Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return nonzero(x, site);
}
/// One-hot encoding of class indices: x (...) gives an int64 tensor (..., num_classes), 1 at the
/// class and 0 elsewhere. If num_classes is -1, it is the largest class + 1.
/// @throws ValueError for a class that is negative or not below num_classes.
Tensor one_hot(const Tensor& x, std::int64_t num_classes = -1,
               Site site = {__builtin_FILE(), __builtin_LINE()});
/// The row and column indices, (2, n), of the lower or upper triangle of a (rows, columns) matrix.
/// @throws ShapeError for negative sizes.
Tensor tril_indices(std::int64_t rows, std::int64_t columns, std::int64_t offset = 0,
                    Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor triu_indices(std::int64_t rows, std::int64_t columns, std::int64_t offset = 0,
                    Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
