// index_slices.hpp: ops that read, write and repeat slices by their index along a dim.
//
// Any dtype. All ops return a new tensor; none works in place. index is int64, 1-d or 0-d.
// @throws DTypeError if index is not int64, ValueError for an index out of range, ShapeError if
// shapes do not match.
#pragma once

#include <optional>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// The slices of x at index along dim. @grad dx = dy, added at index; saves index.
/// @check index_select(x, 1, tensor({2, 0, 2})); x [2, 3]; x [2, 3, 2]
Tensor index_select(Operand x, Dim dim, const Tensor& index);
/// x with alpha times the slices of source added at index. @grad dx = dy, dsource = alpha * dy at
/// index.
/// @check index_add(x, 1, tensor({2, 0, 2}), y, 0.5); x [2, 3], y [2, 3]
Tensor index_add(Operand x, Dim dim, const Tensor& index, Operand source, Operand alpha = 1);
/// x with its slices at index replaced by those of source.
/// @check index_copy(x, 0, tensor({2, 0}), y); x [3, 2], y [2, 2]
Tensor index_copy(Operand x, Dim dim, const Tensor& index, Operand source);
/// x with its slices at index filled with value, a number or a 0-d tensor.
/// @check index_fill(x, 0, tensor({2, 0}), v); x [3, 2], v []
Tensor index_fill(Operand x, Dim dim, const Tensor& index, Operand value);
/// Repeats each slice of x along dim. repeats is one number for all slices, or a tensor with one
/// number for each. Without dim, repeats the elements of the flattened x.
/// @throws ValueError if a number is negative. @grad dx = dy, summed over the repetitions.
/// @check repeat_interleave(x, 2, 1); x [2, 3]
/// @check repeat_interleave(x, tensor({1, 0, 2}), 0); x [3, 2]
Tensor repeat_interleave(Operand x, std::int64_t repeats, std::optional<Dim> dim = {});
Tensor repeat_interleave(Operand x, const Tensor& repeats, std::optional<Dim> dim = {});

}  // namespace xgrad
