// lion.hpp: steps by the signs of a momentum.
#pragma once

#include <optional>
#include <utility>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// Fields as the paper's, then as SGD's. Steps have the size of lr: take it 3 to 10 times smaller,
/// and weight_decay larger, than for AdamW.
struct LionOptions {
  double lr = 1e-4;
  std::pair<double, double> betas = {0.9, 0.99};
  double weight_decay = 0;
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
  NonFinite nonfinite = NonFinite::ignore;
};
using LionGroup = ParamGroup<LionOptions>;

/// By Chen et al. (NeurIPS 2023, algorithm 2):
///
///     g = grad, -grad to maximize
///     p -= lr * (sign(beta1 m + (1 - beta1) g) + weight_decay * p)
///     m = beta2 m + (1 - beta2) g
///
/// Buffer: "exp_avg". @throws ValueError for negative options, betas outside [0, 1).
class Lion : public OptimizerOf<LionOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
