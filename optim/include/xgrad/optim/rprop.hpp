// rprop.hpp: steps by the signs of the gradients.
#pragma once

#include <optional>
#include <utility>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// The fields of PyTorch, then `clip_norm`, `clip_value` and `nonfinite` of SGDOptions.
/// `lr` is the size of the first step.
struct RpropOptions {
  double lr = 1e-2;
  std::pair<double, double> etas = {0.5, 1.2};
  std::pair<double, double> step_sizes = {1e-6, 50};
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
  NonFinite nonfinite = NonFinite::ignore;
};
using RpropGroup = ParamGroup<RpropOptions>;

/// By Riedmiller and Braun (1993), for gradients of the whole data, not of batches: each element
/// has a step size of its own, which grows while the sign of its gradient stays.
///
///     g = grad, -grad to maximize;  before: the g of the step before, 0 at first
///     size *= etas.second where g before > 0, etas.first where g before < 0; kept in step_sizes
///     g = 0 where g before < 0;  p -= sign(g) * size
///
/// Buffers: "prev", "step_size". @throws ValueError unless 0 < etas.first < 1 < etas.second and
/// 0 <= step_sizes.first <= step_sizes.second.
class Rprop : public OptimizerOf<RpropOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim
