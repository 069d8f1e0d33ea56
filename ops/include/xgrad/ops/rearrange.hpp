// rearrange.hpp: elements reversed, moved on, repeated and taken in windows along axes.
#pragma once

#include <vector>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// The order along the named axes reversed; copies. @throws ShapeError if one is named twice.
/// @check flip(x, {0, -1}); x [3, 4]
Tensor flip(Operand x, const std::vector<int>& dims);
/// Columns, or rows, in reverse. @throws ShapeError below two axes, or one.
/// @check fliplr(x); x [2, 3]
Tensor fliplr(Operand x);
/// @check flipud(x); x [3]
Tensor flipud(Operand x);
/// Turned by k quarters from the first of two axes towards the second. @throws ShapeError unless
/// dims are two.
/// @check rot90(x, 3); x [2, 3]
Tensor rot90(Operand x, int k = 1, const std::vector<int>& dims = {0, 1});
/// Moved on along axes, what falls off the end coming in at the front; copies. Without dims, of all
/// elements in a row. @throws ShapeError unless there is one shift for each dim.
/// @check roll(x, {1, -2}, {0, 1}); x [3, 4]
Tensor roll(Operand x, const std::vector<std::int64_t>& shifts, const std::vector<int>& dims = {});
/// Laid side by side, as often as told for each axis; there may be more numbers than axes.
/// @throws ShapeError for fewer, or a negative one. @grad dx = dy summed over the copies.
/// @check repeat(x, {2, 1, 3}); x [2, 3]
Tensor repeat(Operand x, const std::vector<std::int64_t>& repeats);
/// The same, missing numbers in front being 1.
/// @check tile(x, {2}); x [2, 3]
Tensor tile(Operand x, const std::vector<std::int64_t>& dims);
/// Windows of `size` along an axis, one every `step`, as a new last axis.
/// @throws ShapeError if a window does not fit, or step is not above 0.
/// @grad dx = dy added where windows overlap.
/// @check unfold(x, 0, 3, 1); x [7]; x [5, 2]
Tensor unfold(Operand x, Dim dim, std::int64_t size, std::int64_t step);

}  // namespace xgrad
