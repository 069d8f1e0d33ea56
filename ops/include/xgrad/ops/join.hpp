// join.hpp: tensors put together along an axis, and taken apart.
#pragma once

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

/// Parts of `size` along an axis, the last one with what is left.
std::vector<Tensor> split(Operand x, std::int64_t size, int dim = 0);
/// Parts of the given sizes. @throws ShapeError unless they make up the axis.
std::vector<Tensor> split(Operand x, const std::vector<std::int64_t>& sizes, int dim = 0);
/// At most `chunks` parts of equal size, the last one smaller.
std::vector<Tensor> chunk(Operand x, std::int64_t chunks, int dim = 0);
/// All positions along an axis, which goes.
std::vector<Tensor> unbind(Operand x, int dim = 0);

}  // namespace xgrad
