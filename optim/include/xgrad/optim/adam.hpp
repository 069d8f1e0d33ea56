// adam.hpp: Adam, and AdamW with decoupled weight decay.
#pragma once

#include <optional>
#include <utility>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// Fields as PyTorch's, then clipping as SGD's.
struct AdamOptions {
  double lr = 1e-3;
  std::pair<double, double> betas = {0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0;
  bool amsgrad = false;
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
};
using AdamGroup = ParamGroup<AdamOptions>;

/// Steps by moments of the gradient (Kingma and Ba, ICLR 2015):
///
///     g = grad, -grad to maximize; g += weight_decay * p
///     m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
///     p -= lr / (1 - beta1^t) * m / (sqrt(v / (1 - beta2^t)) + eps)
///
/// with the largest v so far for amsgrad (Reddi et al., ICLR 2018). Buffers: "exp_avg",
/// "exp_avg_sq", "max_exp_avg_sq". @throws ValueError for negative options, betas outside [0, 1).
class Adam : public OptimizerOf<AdamOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

struct AdamWOptions {
  double lr = 1e-3;
  std::pair<double, double> betas = {0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 1e-2;
  bool amsgrad = false;
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
};
using AdamWGroup = ParamGroup<AdamWOptions>;

/// Adam that decays the weights themselves, not through the gradient: p -= lr * weight_decay * p
/// first (Loshchilov and Hutter, ICLR 2019).
class AdamW : public OptimizerOf<AdamWOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
