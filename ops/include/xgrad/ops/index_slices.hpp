// index_slices.hpp: slices taken, written and repeated by their positions along an axis.
//
// Any dtype. Nothing is changed in place: what "writes" gives a new tensor. Positions are int64,
// a vector or a single one; @throws DTypeError if they are not int64, ValueError for one that is
// out of range, ShapeError for shapes that do not fit.
#pragma once

#include <optional>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// The slices of x at the positions. @grad dx = dy added where it came from; reads index.
/// @check index_select(x, 1, tensor({2, 0, 2})); x [2, 3]; x [2, 3, 2]
Tensor index_select(Operand x, Dim dim, const Tensor& index);
/// x with alpha times the slices of source added at the positions. @grad dx = dy, dsource = alpha
/// dy there.
/// @check index_add(x, 1, tensor({2, 0, 2}), y, 0.5); x [2, 3], y [2, 3]
Tensor index_add(Operand x, Dim dim, const Tensor& index, Operand source, Operand alpha = 1);
/// x with its slices at the positions replaced by those of source.
/// @check index_copy(x, 0, tensor({2, 0}), y); x [3, 2], y [2, 2]
Tensor index_copy(Operand x, Dim dim, const Tensor& index, Operand source);
/// x with its slices at the positions filled with a number or a 0-d tensor.
/// @check index_fill(x, 0, tensor({2, 0}), v); x [3, 2], v []
Tensor index_fill(Operand x, Dim dim, const Tensor& index, Operand value);
/// Each slice repeated, or each as often as its own number in `repeats` says; without dim, of x in
/// a row. @grad dx = dy summed over the repetitions.
/// @check repeat_interleave(x, 2, 1); x [2, 3]
/// @check repeat_interleave(x, tensor({1, 0, 2}), 0); x [3, 2]
Tensor repeat_interleave(Operand x, std::int64_t repeats, std::optional<Dim> dim = {});
Tensor repeat_interleave(Operand x, const Tensor& repeats, std::optional<Dim> dim = {});

}  // namespace xgrad
