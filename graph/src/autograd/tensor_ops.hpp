// tensor_ops.hpp: what the core itself computes of tensors, differentiably.
#pragma once

#include <xgrad/graph/tensor.hpp>

namespace xgrad::detail {

/// a + b, in place where one of them is nobody else's and no graph is made.
Tensor accumulate(Tensor&& a, Tensor&& b);

/// x summed over the axes along which `shape` broadcasts to x's. @grad dx = dy, expanded.
Tensor sum_to_shape(const Tensor& x, const Shape& shape);

}  // namespace xgrad::detail
