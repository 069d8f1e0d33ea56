// join.hpp: tensors put together along an axis, and taken apart.
#pragma once

#include <string_view>
#include <vector>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Tensors one after the other along an axis; the other sizes agree. Types promote; 1-d tensors
/// without elements are passed over, as in PyTorch.
/// @throws ShapeError  if there is no tensor, or sizes differ along another axis.
/// @grad   each gets its part of dy; reads nothing.
/// @check cat({x, y, x}, -1); x [2, 3], y [2, 4]
Tensor cat(const TensorList& tensors, Dim dim = 0,
           Site site = {__builtin_FILE(), __builtin_LINE()});
/// Tensors of one shape along a new axis. @throws ShapeError if they differ.
/// @check stack({x, y}, 1); x [2, 3], y [2, 3]
Tensor stack(const TensorList& tensors, Dim dim = 0,
             Site site = {__builtin_FILE(), __builtin_LINE()});

// Along an axis that is fixed; tensors with fewer axes get them first.

/// Columns side by side: along the second axis, vectors along their only one.
/// @check hstack({x, y}); x [2, 3], y [2, 1]
Tensor hstack(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Rows on top of each other; a vector is a row.
/// @check vstack({x, y}); x [3], y [2, 3]
Tensor vstack(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});
inline Tensor row_stack(const TensorList& tensors,
                        Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return vstack(tensors, site);
}
/// Along the third axis; a vector (n) is (1, n, 1), a matrix (m, n) is (m, n, 1).
/// @check dstack({x, y}); x [3], y [1, 3]
Tensor dstack(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});
/// As hstack, but a vector is a column.
/// @check column_stack({x, y}); x [3], y [3, 2]
Tensor column_stack(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Matrices along the diagonal of one that is 0 elsewhere; vectors are rows.
/// @throws ShapeError above two axes.
/// @check block_diag({x, y}); x [2], y [2, 3]
Tensor block_diag(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});

/// Each vector laid out along an axis of its own, all in one shape; with indexing "xy" the first
/// two axes are swapped. @throws ShapeError for more than one axis, ValueError for another word.
/// @check meshgrid({x, y}, "xy")[1]; x [2], y [3]
std::vector<Tensor> meshgrid(const TensorList& tensors, std::string_view indexing = "ij",
                             Site site = {__builtin_FILE(), __builtin_LINE()});
/// All combinations of the vectors' elements, a row each; one vector stays as it is.
/// @check cartesian_prod({x, y}); x [2], y [3]
Tensor cartesian_prod(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});

/// Parts of `size` along an axis, the last one with what is left.
/// @check split(x, 2)[1]; x [5, 3]
std::vector<Tensor> split(Operand x, std::int64_t size, Dim dim = 0);
/// Parts of the given sizes. @throws ShapeError unless they make up the axis.
std::vector<Tensor> split(Operand x, const std::vector<std::int64_t>& sizes, Dim dim = 0);
/// At most `chunks` parts of equal size, the last one smaller.
/// @throws ShapeError  if they would be more than 2^24.
/// @check chunk(x, 3)[1]; x [7]
std::vector<Tensor> chunk(Operand x, std::int64_t chunks, Dim dim = 0);
/// `sections` parts, the first ones larger by one where they do not come out even.
/// @check tensor_split(x, 3)[1]; x [7]
/// @check tensor_split(x, std::vector<std::int64_t>{1, 3})[1]; x [5, 2]
std::vector<Tensor> tensor_split(Operand x, std::int64_t sections, Dim dim = 0);
/// Parts that end at the given positions, and the rest; negative ones count from the end.
std::vector<Tensor> tensor_split(Operand x, const std::vector<std::int64_t>& indices, Dim dim = 0);
/// All positions along an axis, which goes.
/// @check unbind(x, 1)[2]; x [2, 3]
std::vector<Tensor> unbind(Operand x, Dim dim = 0);

}  // namespace xgrad
