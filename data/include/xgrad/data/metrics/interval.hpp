// interval.hpp: where a metric's true value lies with some confidence.
#pragma once

namespace xgrad::metrics {

/// A confidence interval. Both ends are NaN if too little was seen.
struct Interval {
  double low, high;
};

}  // namespace xgrad::metrics
