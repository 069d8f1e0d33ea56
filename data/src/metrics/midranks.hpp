// midranks.hpp: ranks of scores, and what the area under the curve is made of.
#pragma once

#include <span>

#include <xgrad/graph/scratch_vector.hpp>

namespace xgrad::metrics::detail {

using Numbers = xgrad::detail::ScratchVector<double>;

/// Ranks from 1 on in rising order; equals share the mean of theirs. No score is NaN.
Numbers midranks(std::span<const double> scores);

/// The area under the curve of scores of positive and negative samples.
struct Area {
  double value;     ///< NaN if either is empty
  double variance;  ///< DeLong's; NaN for fewer than two of either
};
Area area_of(std::span<const double> positive, std::span<const double> negative);

}  // namespace xgrad::metrics::detail
