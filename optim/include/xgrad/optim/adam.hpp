// adam.hpp: Adam, and AdamW, which has decoupled weight decay.
#pragma once

#include <optional>
#include <utility>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// The fields of PyTorch, then `clip_norm`, `clip_value` and `nonfinite` of SGDOptions.
struct AdamOptions {
  double lr = 1e-3;
  std::pair<double, double> betas = {0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0;
  bool amsgrad = false;
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
  NonFinite nonfinite = NonFinite::ignore;
};
using AdamGroup = ParamGroup<AdamOptions>;

/// Adam (Kingma and Ba, ICLR 2015), where t is the number of the step:
///
///     g = grad, -grad to maximize; g += weight_decay * p
///     m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
///     p -= lr / (1 - beta1^t) * m / (sqrt(v / (1 - beta2^t)) + eps)
///
/// With amsgrad, the largest v so far replaces v (Reddi et al., ICLR 2018). Buffers: "exp_avg" (m),
/// "exp_avg_sq" (v), "max_exp_avg_sq".
/// @throws ValueError if an option is negative or one of betas is not in [0, 1).
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
  NonFinite nonfinite = NonFinite::ignore;
};
using AdamWGroup = ParamGroup<AdamWOptions>;

/// AdamW (Loshchilov and Hutter, ICLR 2019): Adam with decoupled weight decay. A step first decays
/// the parameter itself, p -= lr * weight_decay * p, and adds nothing to the gradient.
class AdamW : public OptimizerOf<AdamWOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
