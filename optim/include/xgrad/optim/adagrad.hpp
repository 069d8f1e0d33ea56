// adagrad.hpp: Adagrad, which divides steps by the size of all previous gradients.
#pragma once

#include <optional>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// The fields of PyTorch, then `clip_norm`, `clip_value` and `nonfinite` of SGDOptions.
struct AdagradOptions {
  double lr = 1e-2;
  double lr_decay = 0;
  double weight_decay = 0;
  double initial_accumulator_value = 0;
  double eps = 1e-10;
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
  NonFinite nonfinite = NonFinite::ignore;
};
using AdagradGroup = ParamGroup<AdagradOptions>;

/// Adagrad (Duchi et al., JMLR 2011), where t is the number of the step:
///
///     g = grad, -grad to maximize; g += weight_decay * p
///     s += g^2;  p -= lr / (1 + (t - 1) lr_decay) * g / (sqrt(s) + eps)
///
/// Buffer: "sum" (s). @throws ValueError if an option is negative.
class Adagrad : public OptimizerOf<AdagradOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
