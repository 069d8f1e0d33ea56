// rmsprop.hpp: RMSprop, which divides steps by a running average of the gradient's size.
#pragma once

#include <optional>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// The fields of PyTorch, then `clip_norm`, `clip_value` and `nonfinite` of SGDOptions.
struct RMSpropOptions {
  double lr = 1e-2;
  double alpha = 0.99;
  double eps = 1e-8;
  double weight_decay = 0;
  double momentum = 0;
  bool centered = false;
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
  NonFinite nonfinite = NonFinite::ignore;
};
using RMSpropGroup = ParamGroup<RMSpropOptions>;

/// RMSprop (Tieleman and Hinton, 2012), centered as in Graves (2013):
///
///     g = grad, -grad to maximize; g += weight_decay * p
///     s = alpha s + (1 - alpha) g^2;  a = alpha a + (1 - alpha) g if centered, else 0
///     b = momentum b + g / (sqrt(s - a^2) + eps);  p -= lr b
///
/// Buffers: "square_avg" (s), "momentum_buffer" (b), "grad_avg" (a).
/// @throws ValueError if an option is negative.
class RMSprop : public OptimizerOf<RMSpropOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
