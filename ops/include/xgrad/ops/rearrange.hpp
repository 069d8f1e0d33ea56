// rearrange.hpp: ops that flip, rotate, roll, repeat and unfold.
#pragma once

#include <vector>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Reverses the order of the elements along dims. Copies. @throws ShapeError if a dim is repeated.
/// @check flip(x, {0, -1}); x [3, 4]
Tensor flip(Operand x, const std::vector<int>& dims);
/// fliplr reverses dim 1, flipud dim 0. @throws ShapeError if x has fewer than 2 dims, or 1.
/// @check fliplr(x); x [2, 3]
Tensor fliplr(Operand x);
/// @check flipud(x); x [3]
Tensor flipud(Operand x);
/// Rotates x by k times 90 degrees in the plane of two dims, from dims[0] towards dims[1].
/// @throws ShapeError unless dims names 2 different dims.
/// @check rot90(x, 3); x [2, 3]
Tensor rot90(Operand x, int k = 1, const std::vector<int>& dims = {0, 1});
/// Shifts the elements along dims; elements shifted beyond the end reappear at the start. Without
/// dims, shifts the flattened x. Copies. @throws ShapeError unless there is one shift for each dim.
/// @check roll(x, {1, -2}, {0, 1}); x [3, 4]
Tensor roll(Operand x, const std::vector<std::int64_t>& shifts, const std::vector<int>& dims = {});
/// Repeats x along each dim. If repeats has more values than x has dims, the result has new dims in
/// front. @throws ShapeError for fewer values, or a negative one. @grad dx = dy, summed over the
/// copies.
/// @check repeat(x, {2, 1, 3}); x [2, 3]
Tensor repeat(Operand x, const std::vector<std::int64_t>& repeats);
/// Like repeat, but dims may have fewer values than x has dims: missing ones in front count as 1.
/// @check tile(x, {2}); x [2, 3]
Tensor tile(Operand x, const std::vector<std::int64_t>& dims);
/// Extracts windows of `size` elements along dim, one every `step` elements. Their elements are a
/// new last dim. @throws ShapeError if size exceeds the dim, or step is not positive.
/// @grad dx = dy, summed where windows overlap.
/// @check unfold(x, 0, 3, 1); x [7]; x [5, 2]
Tensor unfold(Operand x, Dim dim, std::int64_t size, std::int64_t step);

}  // namespace xgrad
