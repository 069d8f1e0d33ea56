// scatter.hpp: elements taken and written by tensors of positions, and by masks.
//
// Any dtype. Nothing is changed in place: what "writes" gives a new tensor. Positions are int64;
// @throws DTypeError if they are not, ValueError for one that is out of range, ShapeError for
// shapes that do not fit.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/ops/indexing.hpp>

namespace xgrad {

// By a position for each element: index has as many axes as x, and is no larger but along dim.

/// y[i][j][k] = x[index[i][j][k]][j][k] for dim 0, and so on; shaped as index. No negative
/// positions. @grad dx = dy added at the positions it came from; reads index.
/// @check gather(x, 1, tensor({{2, 0}, {1, 1}})); x [2, 3]
Tensor gather(Operand x, Dim dim, const Tensor& index);
/// x with src added at the positions where gather would take it from; src is at least as large as
/// index. @grad dx = dy, dsrc = gather(dy, dim, index); reads index.
/// @check scatter_add(x, 1, tensor({{2, 2}, {1, 0}}), y); x [2, 3], y [2, 2]
Tensor scatter_add(Operand x, Dim dim, const Tensor& index, Operand src);
/// x with src, a tensor or a number, written there; the last one counts where positions repeat.
/// @grad dx = dy but 0 there, dsrc gathered; reads index.
/// @check scatter(x, 1, tensor({{2, 0}, {1, 1}}), y); x [2, 3], y [2, 2]
Tensor scatter(Operand x, Dim dim, const Tensor& index, Operand src);
/// x's elements at positions along an axis, after both broadcast along the other axes; without dim,
/// of x in a row. @grad as gather.
/// @check take_along_dim(x, tensor({{2, 0}}), 1); x [2, 3]
Tensor take_along_dim(Operand x, const Tensor& indices, std::optional<Dim> dim = {});
/// Elements of x, taken as if it had one axis; shaped as index. Negative positions count from the
/// end. @grad dx = dy added where it came from.
/// @check take(x, tensor({{5, 0}, {0, -2}})); x [2, 3]
Tensor take(Operand x, const Tensor& index);

// By what stands between the brackets.

/// x with the part that index(x, indices) takes replaced by values, which broadcast; added if
/// accumulate. @grad dx = dy, but 0 in the part unless accumulated; dvalues = dy in the part.
/// @check index_put(x, {tensor({0, 2, 0}), Slice(0, 2)}, v); x [3, 3], v [2]
/// @check index_put(x, {tensor({0, 2, 0})}, v, true); x [3, 2], v [3, 2]
Tensor index_put(Operand x, const std::vector<Index>& indices, Operand values,
                 Flag accumulate = false);
/// x with position i of an axis replaced. @grad as index_put.
/// @check select_scatter(x, y, 1, 2); x [2, 3], y [2]
Tensor select_scatter(Operand x, Operand src, Dim dim, std::int64_t i);
/// x with the Slice of an axis replaced.
/// @check slice_scatter(x, y, 0, Slice(1, None, 2)); x [5, 2], y [2, 2]
Tensor slice_scatter(Operand x, Operand src, Dim dim = 0, Slice slice = Slice());
/// x with a diagonal (reshape.hpp) replaced.
/// @check diagonal_scatter(x, y, 1); x [3, 4], y [3]
Tensor diagonal_scatter(Operand x, Operand src, int offset = 0, Dim dim1 = 0, Dim dim2 = 1);

// By a mask, a bool tensor that broadcasts with x. @throws DTypeError if it is not bool.

/// value, a number or a 0-d tensor, where the mask holds, else x. @grad dx = dy elsewhere, dvalue =
/// the sum of dy there.
/// @check masked_fill(x, tensor({true, false, true}), v); x [2, 3], v []
Tensor masked_fill(Operand x, const Tensor& mask, Operand value);
/// The elements where the mask holds, in a row. @grad dx = dy back in their places.
/// @check masked_select(x, tensor({true, false, true})); x [2, 3]
Tensor masked_select(Operand x, const Tensor& mask);
/// x with the first elements of source, in a row, where the mask holds. @throws ShapeError if
/// source has too few.
/// @check masked_scatter(x, tensor({true, false, true}), y); x [2, 3], y [5]
Tensor masked_scatter(Operand x, const Tensor& mask, Operand source);

// Positions; @grad none.

/// The positions of the elements that are not 0, a row (n, axes) for each, in their order.
Tensor nonzero(const Tensor& x, Site site = {__builtin_FILE(), __builtin_LINE()});
inline Tensor argwhere(const Tensor& x, Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return nonzero(x, site);
}
/// Ones at the classes, int64: (...) to (..., num_classes), as many as the largest + 1 if negative.
/// @throws ValueError for a negative class, or one not below num_classes.
Tensor one_hot(const Tensor& x, std::int64_t num_classes = -1,
               Site site = {__builtin_FILE(), __builtin_LINE()});
/// The row and column numbers, (2, n), of the lower or upper triangle of a (rows, columns) matrix.
/// @throws ShapeError for negative sizes.
Tensor tril_indices(std::int64_t rows, std::int64_t columns, std::int64_t offset = 0,
                    Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor triu_indices(std::int64_t rows, std::int64_t columns, std::int64_t offset = 0,
                    Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
