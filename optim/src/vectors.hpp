// vectors.hpp: sums and products of vectors.
#pragma once

#include <xgrad/graph/tensor.hpp>

namespace xgrad::optim::detail {

/// The product of two vectors. Terms are rounded before they are added.
double dot_of(const Tensor& a, const Tensor& b);

/// y + alpha x, rounded once, so with the same bits on every machine. Shapes and dtypes are the
/// same; the result has no history.
Tensor add_scaled(const Tensor& y, double alpha, const Tensor& x);

}  // namespace xgrad::optim::detail
