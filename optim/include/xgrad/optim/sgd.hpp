// sgd.hpp: stochastic gradient descent.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/graph/tensor.hpp>

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

/// Parameters with options of their own.
struct SGDGroup {
  std::vector<Tensor> params;
  SGDOptions options = {};
};

/// p -= lr * g, with momentum (Sutskever et al., ICML 2013, in PyTorch's form) if asked for:
///
///     g = grad (bounded), -grad to maximize; g += weight_decay * p
///     b = g at first, then momentum * b + (1 - dampening) * g
///     p -= lr * (nesterov ? g + momentum * b : b)
///
/// A parameter without a gradient is passed over. One pass over memory per parameter. Numbers
/// below the smallest normal one (1.2e-38 in float32) count as 0 in the step.
class SGD {
 public:
  /// @throws ValueError  for negative options, a nesterov without momentum or with dampening, no
  ///                     parameters, one that comes twice; GraphError for one that is no leaf.
  explicit SGD(std::vector<Tensor> params, SGDOptions options = {},
               Site site = {__builtin_FILE(), __builtin_LINE()});
  explicit SGD(std::vector<SGDGroup> groups, Site site = {__builtin_FILE(), __builtin_LINE()});

  /// Updates the parameters. @throws ShapeError, DTypeError if a gradient does not fit.
  void step(Site site = {__builtin_FILE(), __builtin_LINE()});
  /// Makes all gradients undefined.
  void zero_grad();

  /// The groups; their options may be changed between steps.
  std::vector<SGDGroup>& groups() noexcept { return groups_; }
  /// The momentum buffer of a parameter; undefined before its first step with momentum.
  Tensor momentum_buffer(const Tensor& parameter) const;

 private:
  std::vector<SGDGroup> groups_;
  std::vector<std::vector<Tensor>> buffers_;  // as groups_[i].params
};

}  // namespace xgrad::optim
