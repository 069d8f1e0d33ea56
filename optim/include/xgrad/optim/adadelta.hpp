// adadelta.hpp: Adadelta, which scales each step by the size of the previous steps.
#pragma once

#include <optional>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// The fields of PyTorch, then `clip_norm`, `clip_value` and `nonfinite` of SGDOptions.
struct AdadeltaOptions {
  double lr = 1;
  double rho = 0.9;
  double eps = 1e-6;
  double weight_decay = 0;
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
  NonFinite nonfinite = NonFinite::ignore;
};
using AdadeltaGroup = ParamGroup<AdadeltaOptions>;

/// Adadelta (Zeiler, 2012):
///
///     g = grad, -grad to maximize; g += weight_decay * p
///     s = rho s + (1 - rho) g^2;  d = g * sqrt(a + eps) / sqrt(s + eps)
///     a = rho a + (1 - rho) d^2;  p -= lr * d
///
/// Buffers: "square_avg" (s), "acc_delta" (a).
/// @throws ValueError if an option is negative or rho is not in [0, 1].
class Adadelta : public OptimizerOf<AdadeltaOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
