// distribution.hpp: Distribution, what a report shows of the elements of a tensor.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::viz {

/// The finite elements of a tensor in bins of equal width from the smallest to the largest, and
/// their mean, standard deviation and quantiles. With no finite element, there are no bins.
struct Distribution {
  static constexpr std::size_t max_bins = 40;
  static constexpr std::array<double, 7> levels{0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};

  double low = 0, high = 0, mean = 0, std = 0;
  std::array<double, 7> quantiles{};  ///< at `levels`; that of rank floor(level * (n - 1))
  std::vector<std::int64_t> counts;   ///< by bin; one bin if all elements are equal
  std::int64_t not_finite = 0;        ///< NaN and infinite elements
};

Distribution distribution_of(const Tensor& values);

}  // namespace xgrad::viz
