// adamax.hpp: Adam by the largest gradient instead of the mean square.
#pragma once

#include <optional>
#include <utility>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// The fields of PyTorch, then `clip_norm`, `clip_value` and `nonfinite` of SGDOptions.
struct AdamaxOptions {
  double lr = 2e-3;
  std::pair<double, double> betas = {0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0;
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
  NonFinite nonfinite = NonFinite::ignore;
};
using AdamaxGroup = ParamGroup<AdamaxOptions>;

/// By Kingma and Ba (ICLR 2015, section 7.1):
///
///     g = grad, -grad to maximize; g += weight_decay * p
///     m = beta1 m + (1 - beta1) g;  u = max(beta2 u, |g| + eps)
///     p -= lr / (1 - beta1^t) * m / u
///
/// Buffers: "exp_avg", "exp_inf". @throws ValueError for negative options, betas outside [0, 1).
class Adamax : public OptimizerOf<AdamaxOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
