// adagrad.hpp: steps that shrink with all the gradients so far.
#pragma once

#include <optional>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// Fields as PyTorch's, then clipping as SGD's.
struct AdagradOptions {
  double lr = 1e-2;
  double lr_decay = 0;
  double weight_decay = 0;
  double initial_accumulator_value = 0;
  double eps = 1e-10;
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
};
using AdagradGroup = ParamGroup<AdagradOptions>;

/// By Duchi et al. (JMLR 2011):
///
///     g = grad, -grad to maximize; g += weight_decay * p
///     s += g^2;  p -= lr / (1 + (t - 1) lr_decay) * g / (sqrt(s) + eps)
///
/// Buffer: "sum". @throws ValueError for negative options.
class Adagrad : public OptimizerOf<AdagradOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
