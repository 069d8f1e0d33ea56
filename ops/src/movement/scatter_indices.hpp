// scatter_indices.hpp: where scatter and its kin put the elements of a source.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad::detail {

/// The elements of x that positions along an axis mean: one for each element of index.
/// @throws ShapeError, DTypeError, ValueError as scatter.hpp says.
Tensor gathered_positions(const char* op, const Operand& x, int axis, const Tensor& index);

/// The part of src that lies over index. @throws ShapeError likewise.
Tensor source_over(const char* op, const Operand& src, const Tensor& index, DType dtype);

struct Scattering {
  Tensor positions;  // elements of x
  Tensor source;     // what goes there, shaped alike
};
/// @throws likewise.
Scattering scattering(const char* op, const Operand& x, int dim, const Tensor& index,
                      const Operand& src);

}  // namespace xgrad::detail
