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
Tensor cat(const TensorList& tensors, int dim = 0,
           Site site = {__builtin_FILE(), __builtin_LINE()});
/// Tensors of one shape along a new axis. @throws ShapeError if they differ.
Tensor stack(const TensorList& tensors, int dim = 0,
             Site site = {__builtin_FILE(), __builtin_LINE()});

// Along an axis that is fixed; tensors with fewer axes get them first.

/// Columns side by side: along the second axis, vectors along their only one.
Tensor hstack(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Rows on top of each other; a vector is a row.
Tensor vstack(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});
inline Tensor row_stack(const TensorList& tensors,
                        Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return vstack(tensors, site);
}
/// Along the third axis; a vector (n) is (1, n, 1), a matrix (m, n) is (m, n, 1).
Tensor dstack(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});
/// As hstack, but a vector is a column.
Tensor column_stack(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Matrices along the diagonal of one that is 0 elsewhere; vectors are rows.
/// @throws ShapeError above two axes.
Tensor block_diag(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});

/// Each vector laid out along an axis of its own, all in one shape; with indexing "xy" the first
/// two axes are swapped. @throws ShapeError for more than one axis, ValueError for another word.
std::vector<Tensor> meshgrid(const TensorList& tensors, std::string_view indexing = "ij",
                             Site site = {__builtin_FILE(), __builtin_LINE()});
/// All combinations of the vectors' elements, a row each; one vector stays as it is.
Tensor cartesian_prod(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});

/// Parts of `size` along an axis, the last one with what is left.
std::vector<Tensor> split(Operand x, std::int64_t size, int dim = 0);
/// Parts of the given sizes. @throws ShapeError unless they make up the axis.
std::vector<Tensor> split(Operand x, const std::vector<std::int64_t>& sizes, int dim = 0);
/// At most `chunks` parts of equal size, the last one smaller.
std::vector<Tensor> chunk(Operand x, std::int64_t chunks, int dim = 0);
/// `sections` parts, the first ones larger by one where they do not come out even.
std::vector<Tensor> tensor_split(Operand x, std::int64_t sections, int dim = 0);
/// Parts that end at the given positions, and the rest; negative ones count from the end.
std::vector<Tensor> tensor_split(Operand x, const std::vector<std::int64_t>& indices, int dim = 0);
/// All positions along an axis, which goes.
std::vector<Tensor> unbind(Operand x, int dim = 0);

}  // namespace xgrad
