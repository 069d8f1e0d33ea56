// rmsprop.hpp: steps divided by a running size of the gradient.
#pragma once

#include <optional>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// Fields as PyTorch's, then clipping as SGD's.
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
};
using RMSpropGroup = ParamGroup<RMSpropOptions>;

/// By Tieleman and Hinton (2012), centered by Graves (2013):
///
///     g = grad, -grad to maximize; g += weight_decay * p
///     s = alpha s + (1 - alpha) g^2;  a = alpha a + (1 - alpha) g if centered, else 0
///     b = momentum b + g / (sqrt(s - a^2) + eps);  p -= lr b
///
/// Buffers: "square_avg", "momentum_buffer", "grad_avg". @throws ValueError for negative options.
class RMSprop : public OptimizerOf<RMSpropOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
