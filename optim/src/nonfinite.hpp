// nonfinite.hpp: what a step multiplies gradients by, and whether it is taken at all.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim::detail {

/// The options of the first group that are about all gradients.
struct GradientPolicy {
  std::optional<double> clip_norm, clip_value;
  NonFinite nonfinite;
};
template <class Options>
GradientPolicy policy_of(const Options& o) {
  return {o.clip_norm, o.clip_value, o.nonfinite};
}

/// The factor of clip_norm, 1 without it. None if the policy is to skip the step, which is counted.
/// @throws AnomalyError  if the policy is to throw.
std::optional<double> gradient_scale(const char* optimizer, const std::vector<Tensor>& parameters,
                                     const GradientPolicy& policy, SkippedSteps& skipped,
                                     Site site);

}  // namespace xgrad::optim::detail
