#include <xgrad/data/metrics/proportion.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/state_reader.hpp>

#include "normal_quantile.hpp"

namespace xgrad::metrics {

double Proportion::compute() const noexcept {
  if (total_ == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(correct_) / static_cast<double>(total_);
}

Interval Proportion::interval(double confidence, Site site) const {
  const OpScope scope("interval", site);
  const double z = detail::normal_quantile("interval", confidence);
  if (total_ == 0) return {0, 1};
  const double p = compute(), t = z * z / static_cast<double>(total_);
  const double half = std::sqrt(t * (p * (1 - p) + t / 4));
  return {std::max(0.0, (p + t / 2 - half) / (1 + t)), std::min(1.0, (p + t / 2 + half) / (1 + t))};
}

void Proportion::load_state_dict(const StateDict& state, Site site) {
  const OpScope scope("load_state_dict", site);
  std::int64_t correct = 0, total = 0;
  xgrad::detail::StateReader from(state);
  from.read("correct", correct);
  from.read("total", total);
  if (correct < 0 || correct > total)
    from.refuse("correct", fmt::format("an integer in [0, {}], the total", total),
                fmt::format("{}", correct));
  from.check_fits("the metric", "names and types must be the same");
  correct_ = correct;
  total_ = total;
}

}  // namespace xgrad::metrics
