// asgd.hpp: gradient descent that averages the parameters.
#pragma once

#include <optional>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// The fields of PyTorch, then `clip_norm`, `clip_value` and `nonfinite` of SGDOptions.
struct ASGDOptions {
  double lr = 1e-2;
  double lambd = 1e-4;
  double alpha = 0.75;
  double t0 = 1e6;
  double weight_decay = 0;
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
  NonFinite nonfinite = NonFinite::ignore;
};
using ASGDGroup = ParamGroup<ASGDOptions>;

/// By Polyak and Juditsky (1992), in Bottou's form:
///
///     g = grad, -grad to maximize; g += weight_decay * p
///     p = (1 - lambd * eta) p - eta * g;  ax += mu (p - ax)
///     eta = lr / (1 + lambd * lr * t)^alpha;  mu = 1 / max(1, t - t0)
///
/// eta and mu are for the step after; they begin as lr and 1, so "ax" is p until step t0. "ax" is
/// the average: `optimizer.state(p, "ax")`. Buffers: "ax", and the numbers "eta" and "mu".
/// @throws ValueError for negative options.
class ASGD : public OptimizerOf<ASGDOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
