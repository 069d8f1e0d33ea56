// newton_schulz.hpp: a matrix with the same singular vectors, and singular values near 1.
#pragma once

#include <array>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::optim::detail {

/// X = x / max(|x|, eps), then `steps` times A = X X^T, X = a X + (b A + c A A) X: each singular
/// value s becomes a s + b s^3 + c s^5. The side that is shorter is that of A.
Tensor orthogonalized(const Tensor& x, const std::array<double, 3>& coefficients,
                      std::int64_t steps, double eps);

}  // namespace xgrad::optim::detail
