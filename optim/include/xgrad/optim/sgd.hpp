// sgd.hpp: stochastic gradient descent.
#pragma once

#include <optional>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// The fields of PyTorch, then clipping and `nonfinite`, which are fused into the step.
struct SGDOptions {
  double lr = 1e-3;
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;
  bool nesterov = false;
  bool maximize = false;
  /// Clips as clip_grad_norm_ does, over all groups, without changing `.grad`. The value of the
  /// first group counts.
  std::optional<double> clip_norm = {};
  /// Clips as clip_grad_value_ does, before clip_norm.
  std::optional<double> clip_value = {};
  /// What a step does if a gradient has NaN or infinities before clipping. That of the first group
  /// is used.
  NonFinite nonfinite = NonFinite::ignore;
};
using SGDGroup = ParamGroup<SGDOptions>;

/// Stochastic gradient descent, optionally with momentum (Sutskever et al., ICML 2013) in PyTorch's
/// form:
///
///     g = grad (clipped), -grad to maximize; g += weight_decay * p
///     b = g at first, then momentum * b + (1 - dampening) * g
///     p -= lr * (nesterov ? g + momentum * b : b)
///
/// Buffer: "momentum_buffer" (b). @throws ValueError if an option is negative, or if nesterov is
/// set without momentum or with dampening.
class SGD : public OptimizerOf<SGDOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
