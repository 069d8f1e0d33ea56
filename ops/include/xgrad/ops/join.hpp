// join.hpp: ops that join tensors, and that split one.
#pragma once

#include <string_view>
#include <vector>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Concatenates tensors along dim. All other sizes must be equal. Dtypes promote. As in PyTorch,
/// tensors of shape [0] are ignored.
/// @throws ShapeError  if the list is empty, or sizes differ along another dim.
/// @grad   each tensor gets its slice of dy; saves nothing.
/// @check cat({x, y, x}, -1); x [2, 3], y [2, 4]
Tensor cat(const TensorList& tensors, Dim dim = 0,
           Site site = {__builtin_FILE(), __builtin_LINE()});
/// Joins tensors of the same shape along a new dim. @throws ShapeError if the shapes differ.
/// @check stack({x, y}, 1); x [2, 3], y [2, 3]
Tensor stack(const TensorList& tensors, Dim dim = 0,
             Site site = {__builtin_FILE(), __builtin_LINE()});

// Concatenation along a fixed dim. Tensors with too few dims first get more.

/// Concatenates horizontally: along dim 1, or along dim 0 for 1-d tensors.
/// @check hstack({x, y}); x [2, 3], y [2, 1]
Tensor hstack(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Concatenates vertically, along dim 0. A 1-d tensor counts as a row.
/// @check vstack({x, y}); x [3], y [2, 3]
Tensor vstack(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});
inline Tensor row_stack(const TensorList& tensors,
                        Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return vstack(tensors, site);
}
/// Concatenates along dim 2. A tensor (n) becomes (1, n, 1), and (m, n) becomes (m, n, 1).
/// @check dstack({x, y}); x [3], y [1, 3]
Tensor dstack(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Like hstack, but a 1-d tensor counts as a column.
/// @check column_stack({x, y}); x [3], y [3, 2]
Tensor column_stack(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});
/// A block diagonal matrix of the given matrices, 0 elsewhere. A 1-d tensor counts as a row.
/// @throws ShapeError if a tensor has more than 2 dims.
/// @check block_diag({x, y}); x [2], y [2, 3]
Tensor block_diag(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});

/// Coordinate grids: tensor i of the result is tensor i of the list, laid out along dim i and
/// expanded along the others. With indexing "xy", dims 0 and 1 are swapped.
/// @throws ShapeError if a tensor has more than 1 dim, ValueError for another indexing.
/// @check meshgrid({x, y}, "xy")[1]; x [2], y [3]
std::vector<Tensor> meshgrid(const TensorList& tensors, std::string_view indexing = "ij",
                             Site site = {__builtin_FILE(), __builtin_LINE()});
/// The Cartesian product of 1-d tensors: one row for each combination of elements. A single tensor
/// is returned as it is.
/// @check cartesian_prod({x, y}); x [2], y [3]
Tensor cartesian_prod(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});

/// Splits x along dim into parts of `size`; the last part may be smaller.
/// @check split(x, 2)[1]; x [5, 3]
std::vector<Tensor> split(Operand x, std::int64_t size, Dim dim = 0);
/// Splits x along dim into parts of the given sizes. @throws ShapeError unless they sum to the size
/// of dim.
std::vector<Tensor> split(Operand x, const std::vector<std::int64_t>& sizes, Dim dim = 0);
/// Splits x along dim into at most `chunks` parts of equal size; the last part may be smaller.
/// @throws ShapeError  for more than 2^24 parts.
/// @check chunk(x, 3)[1]; x [7]
std::vector<Tensor> chunk(Operand x, std::int64_t chunks, Dim dim = 0);
/// Splits x along dim into `sections` parts. If the size is not divisible, the first parts are
/// larger by one.
/// @check tensor_split(x, 3)[1]; x [7]
/// @check tensor_split(x, std::vector<std::int64_t>{1, 3})[1]; x [5, 2]
std::vector<Tensor> tensor_split(Operand x, std::int64_t sections, Dim dim = 0);
/// Splits x along dim before each of the given indices; negative ones count from the end.
std::vector<Tensor> tensor_split(Operand x, const std::vector<std::int64_t>& indices, Dim dim = 0);
/// The slices of x along dim; they lack that dim.
/// @check unbind(x, 1)[2]; x [2, 3]
std::vector<Tensor> unbind(Operand x, Dim dim = 0);

}  // namespace xgrad
