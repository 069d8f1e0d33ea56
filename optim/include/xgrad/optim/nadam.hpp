// nadam.hpp: Adam with Nesterov momentum.
#pragma once

#include <optional>
#include <utility>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// The fields of PyTorch, then `clip_norm`, `clip_value` and `nonfinite` of SGDOptions.
struct NAdamOptions {
  double lr = 2e-3;
  std::pair<double, double> betas = {0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0;
  double momentum_decay = 4e-3;
  bool decoupled_weight_decay = false;
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
  NonFinite nonfinite = NonFinite::ignore;
};
using NAdamGroup = ParamGroup<NAdamOptions>;

/// By Dozat (2016):
///
///     g = grad, -grad to maximize; g += weight_decay * p, or p -= lr * weight_decay * p first
///     mu[t] = beta1 (1 - 0.96^(t momentum_decay) / 2);  M = mu[1] mu[2] ... mu[t]
///     m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
///     d = (1 - mu[t]) / (1 - M) * g + mu[t+1] / (1 - M mu[t] mu[t+1]) * m
///     p -= lr * d / (sqrt(v / (1 - beta2^t)) + eps)
///
/// These are PyTorch 1.13's steps. The paper, and PyTorch since 2.0, have M mu[t+1] in the last
/// denominator; the steps differ by about 1 % at first, and not after ten.
///
/// The weights themselves decay with decoupled_weight_decay. Buffers: "exp_avg", "exp_avg_sq", and
/// M as "mu_product". @throws ValueError for negative options, betas outside [0, 1).
class NAdam : public OptimizerOf<NAdamOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
