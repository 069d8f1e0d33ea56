#include "nonfinite.hpp"

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/anomaly.hpp>

#include "gradient_norm.hpp"

namespace xgrad::optim::detail {

namespace {

struct Counts {
  std::int64_t nan = 0, infinite = 0;
};
Counts counts_of(const Tensor& gradient) {
  Counts counts;
  dispatch_floating(gradient.dtype(), [&]<class T>() {
    const T* const x = gradient.data<T>();
    for (std::int64_t i = 0; i < gradient.numel(); ++i) {
      counts.nan += std::isnan(x[i]);
      counts.infinite += std::isinf(x[i]);
    }
  });
  return counts;
}

// Which gradients are not finite; empty if all are: the sum of their squares may be infinite alone.
std::string report(const std::vector<Tensor>& parameters) {
  std::string first;
  std::int64_t others = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Tensor gradient = parameters[i].grad();
    if (!gradient.defined()) continue;
    const auto [nan, infinite] = counts_of(gradient);
    if (nan + infinite == 0) continue;
    if (first.empty())
      first = fmt::format(
          "of the {} elements of the gradient of parameter {}, {}, {} are NaN and {} "
          "infinite",
          gradient.numel(), i, xgrad::detail::describe(parameters[i]), nan, infinite);
    else
      ++others;
  }
  return others == 0 ? first
                     : fmt::format("{}; {} more parameters have such gradients", first, others);
}

}  // namespace

std::optional<double> gradient_scale(const char* optimizer, const std::vector<Tensor>& parameters,
                                     const GradientPolicy& policy, SkippedSteps& skipped,
                                     Site site) {
  const auto& [clip_norm, clip_value, nonfinite] = policy;
  const double norm = clip_norm ? total_norm(parameters, 2, clip_value) : 1;
  if (nonfinite != NonFinite::ignore) {
    const bool is_plain = clip_norm && !clip_value;  // a bound hides infinities
    if (!std::isfinite(is_plain ? norm : total_norm(parameters, 2))) {
      if (std::string text = report(parameters); !text.empty()) {
        if (nonfinite == NonFinite::throw_)
          throw AnomalyError(fmt::format("{}: {}; the step was not taken", optimizer, text), site);
        ++skipped.count;
        skipped.last = std::move(text);
        return {};
      }
    }
  }
  return clip_norm ? clip_factor(norm, *clip_norm) : 1;
}

}  // namespace xgrad::optim::detail
