// scatter_indices.hpp: where scatter and its kin put the elements of a source.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad::detail {

struct Scattering {
  Tensor positions;  // elements of x
  Tensor source;     // what goes there, shaped alike
};
/// @throws ShapeError, DTypeError, ValueError as scatter.hpp says.
Scattering scattering(const char* op, const Operand& x, int dim, const Tensor& index,
                      const Operand& src);

}  // namespace xgrad::detail
