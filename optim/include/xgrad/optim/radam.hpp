// radam.hpp: Adam that waits until it knows the size of the gradients.
#pragma once

#include <optional>
#include <utility>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// The fields of PyTorch, then `clip_norm`, `clip_value` and `nonfinite` of SGDOptions.
struct RAdamOptions {
  double lr = 1e-3;
  std::pair<double, double> betas = {0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0;
  bool decoupled_weight_decay = false;
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
  NonFinite nonfinite = NonFinite::ignore;
};
using RAdamGroup = ParamGroup<RAdamOptions>;

/// By Liu et al. (ICLR 2020): Adam's step, scaled by how many gradients its second moment stands
/// on.
///
///     g = grad, -grad to maximize; g += weight_decay * p, or p -= lr * weight_decay * p first
///     m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
///     R = 2 / (1 - beta2) - 1;  r = R - 2 t beta2^t / (1 - beta2^t)
///     c = sqrt((r - 4) (r - 2) R / ((R - 4) (R - 2) r))
///     p -= lr / (1 - beta1^t) * m * (r > 5 ? c sqrt(1 - beta2^t) / (sqrt(v) + eps) : 1)
///
/// The weights themselves decay with decoupled_weight_decay. Buffers: "exp_avg", "exp_avg_sq".
/// @throws ValueError for negative options, betas outside [0, 1).
class RAdam : public OptimizerOf<RAdamOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
