// sgd.hpp: stochastic gradient descent.
#pragma once

#include <optional>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// Fields as PyTorch's, then clipping, which is fused into the step.
struct SGDOptions {
  double lr = 1e-3;
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;
  bool nesterov = false;
  bool maximize = false;
  /// As clip_grad_norm_ over all of the optimizer's groups; the first group's counts. `.grad` is
  /// left as it is.
  std::optional<double> clip_norm = {};
  /// As clip_grad_value_, before clip_norm.
  std::optional<double> clip_value = {};
};
using SGDGroup = ParamGroup<SGDOptions>;

/// p -= lr * g, with momentum (Sutskever et al., ICML 2013, in PyTorch's form) if asked for:
///
///     g = grad (bounded), -grad to maximize; g += weight_decay * p
///     b = g at first, then momentum * b + (1 - dampening) * g
///     p -= lr * (nesterov ? g + momentum * b : b)
///
/// Buffer: "momentum_buffer". @throws ValueError for negative options, and for a nesterov without
/// momentum or with dampening.
class SGD : public OptimizerOf<SGDOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
