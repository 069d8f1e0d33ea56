#include "newton_schulz.hpp"

#include <algorithm>

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/distance.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/products.hpp>

namespace xgrad::optim::detail {

Tensor orthogonalized(const Tensor& x, const std::array<double, 3>& coefficients,
                      std::int64_t steps, double eps) {
  const NoGrad guard;
  const auto [a, b, c] = coefficients;
  const bool tall = x.size(0) > x.size(1);
  Tensor y = (tall ? x.t() : x) / std::max(norm(x).item<double>(), eps);
  for (std::int64_t step = 0; step < steps; ++step) {
    const Tensor gram = linear(y, y);  // y y^T
    y = addmm(y, addmm(gram, gram, gram, b, c), y, a);
  }
  return tall ? y.t() : y;
}

}  // namespace xgrad::optim::detail
