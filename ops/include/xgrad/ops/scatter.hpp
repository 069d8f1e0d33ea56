// scatter.hpp: elements taken and written by tensors of positions, and by masks.
//
// Any dtype. Nothing is changed in place: what "writes" gives a new tensor. Positions are int64;
// @throws DTypeError if they are not, ValueError for one that is out of range, ShapeError for
// shapes that do not fit.
#pragma once

#include <string_view>
#include <vector>

#include <xgrad/ops/indexing.hpp>

namespace xgrad {

// By a position for each element: index has as many axes as x, and is no larger but along dim.

/// y[i][j][k] = x[index[i][j][k]][j][k] for dim 0, and so on; shaped as index. No negative
/// positions. @grad dx = dy added at the positions it came from; reads index.
Tensor gather(Operand x, int dim, const Tensor& index);
/// x with src added at the positions where gather would take it from; src is at least as large as
/// index. @grad dx = dy, dsrc = gather(dy, dim, index); reads index.
Tensor scatter_add(Operand x, int dim, const Tensor& index, Operand src);
/// x with src, a tensor or a number, written there; the last one counts where positions repeat.
/// @grad dx = dy but 0 there, dsrc gathered; reads index.
Tensor scatter(Operand x, int dim, const Tensor& index, Operand src);
/// The same combined with a reduction, "add" or "multiply".
Tensor scatter(Operand x, int dim, const Tensor& index, Operand src, std::string_view reduce);
/// All src of a position reduced to one, by "sum", "prod", "mean", "amax" or "amin", x's element
/// among them if include_self.
/// @throws ValueError for another word. @grad as of the reduction; equal extremes share.
Tensor scatter_reduce(Operand x, int dim, const Tensor& index, Operand src, std::string_view reduce,
                      bool include_self = true);
/// x's elements at positions along an axis, after both broadcast along the other axes; without dim,
/// of x in a row. @grad as gather.
Tensor take_along_dim(Operand x, const Tensor& indices, std::optional<int> dim = {});
/// Elements of x, taken as if it had one axis; shaped as index. Negative positions count from the
/// end. @grad dx = dy added where it came from.
Tensor take(Operand x, const Tensor& index);

// By positions along an axis: index has one axis, or none.

/// The slices of x at the positions. @grad dx = dy added where it came from; reads index.
Tensor index_select(Operand x, int dim, const Tensor& index);
/// x with alpha times the slices of source added at the positions. @grad dx = dy, dsource = alpha
/// dy there.
Tensor index_add(Operand x, int dim, const Tensor& index, Operand source, Operand alpha = 1);
/// x with its slices at the positions replaced by those of source.
Tensor index_copy(Operand x, int dim, const Tensor& index, Operand source);
/// x with its slices at the positions filled with a number or a 0-d tensor.
Tensor index_fill(Operand x, int dim, const Tensor& index, Operand value);
/// Each slice repeated, or each as often as its own number in `repeats` says; without dim, of x in
/// a row. @grad dx = dy summed over the repetitions.
Tensor repeat_interleave(Operand x, std::int64_t repeats, std::optional<int> dim = {});
Tensor repeat_interleave(Operand x, const Tensor& repeats, std::optional<int> dim = {});

// By what stands between the brackets.

/// x with the part that index(x, indices) takes replaced by values, which broadcast; added if
/// accumulate. @grad dx = dy, but 0 in the part unless accumulated; dvalues = dy in the part.
Tensor index_put(Operand x, const std::vector<Index>& indices, Operand values,
                 bool accumulate = false);
/// x with position i of an axis replaced. @grad as index_put.
Tensor select_scatter(Operand x, Operand src, int dim, std::int64_t i);
/// x with the Slice of an axis replaced.
Tensor slice_scatter(Operand x, Operand src, int dim = 0, Slice slice = Slice());
/// x with a diagonal (reshape.hpp) replaced.
Tensor diagonal_scatter(Operand x, Operand src, int offset = 0, int dim1 = 0, int dim2 = 1);

// By a mask, a bool tensor that broadcasts with x. @throws DTypeError if it is not bool.

/// value, a number or a 0-d tensor, where the mask holds, else x. @grad dx = dy elsewhere, dvalue =
/// the sum of dy there.
Tensor masked_fill(Operand x, const Tensor& mask, Operand value);
/// The elements where the mask holds, in a row. @grad dx = dy back in their places.
Tensor masked_select(Operand x, const Tensor& mask);
/// x with the first elements of source, in a row, where the mask holds. @throws ShapeError if
/// source has too few.
Tensor masked_scatter(Operand x, const Tensor& mask, Operand source);

// Positions; no gradients.

/// The positions of the elements that are not 0, a row (n, axes) for each, in their order.
Tensor nonzero(const Tensor& x);
inline Tensor argwhere(const Tensor& x) { return nonzero(x); }
/// Ones at the classes, int64: (...) to (..., num_classes), as many as the largest + 1 if negative.
/// @throws ValueError for a negative class, or one not below num_classes.
Tensor one_hot(const Tensor& x, std::int64_t num_classes = -1);
/// The row and column numbers, (2, n), of the lower or upper triangle of a (rows, columns) matrix.
Tensor tril_indices(std::int64_t rows, std::int64_t columns, std::int64_t offset = 0);
Tensor triu_indices(std::int64_t rows, std::int64_t columns, std::int64_t offset = 0);

}  // namespace xgrad
