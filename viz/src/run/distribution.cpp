#include "run/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace xgrad::viz {
namespace {

std::vector<double> finite_elements(const Tensor& t) {
  const Tensor elements = t.detach().to(float64);
  std::vector<double> finite;
  finite.reserve(static_cast<std::size_t>(elements.numel()));
  std::copy_if(elements.data<double>(), elements.data<double>() + elements.numel(),
               std::back_inserter(finite), [](double x) { return std::isfinite(x); });
  return finite;
}

// Halves keep sums and differences of the largest numbers finite.
std::size_t bin_of(double x, const Distribution& d) {
  const double part = (x / 2 - d.low / 2) / (d.high / 2 - d.low / 2);
  const auto bins = static_cast<double>(d.counts.size());
  return std::min(d.counts.size() - 1, static_cast<std::size_t>(part * bins));
}

void count(const std::vector<double>& x, Distribution& d) {
  d.counts.assign(d.high / 2 - d.low / 2 > 0 ? Distribution::max_bins : 1, 0);
  if (d.counts.size() == 1)
    d.counts[0] = static_cast<std::int64_t>(x.size());
  else
    for (const double e : x) ++d.counts[bin_of(e, d)];
}

void find_quantiles(std::vector<double>& x, Distribution& d) {
  auto from = x.begin();
  for (std::size_t i = 0; i < d.levels.size(); ++i) {
    const double rank = d.levels[i] * static_cast<double>(x.size() - 1);
    const auto at = x.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(from, at, x.end());
    d.quantiles[i] = *at;
    from = at;
  }
}

void find_moments(const std::vector<double>& x, Distribution& d) {
  const auto n = static_cast<double>(x.size());
  for (const double e : x) d.mean += e / n;
  double squares = 0;
  for (const double e : x) squares += (e - d.mean) * (e - d.mean) / n;
  d.std = std::sqrt(squares);
}

}  // namespace

Distribution distribution_of(const Tensor& values) {
  Distribution d;
  std::vector<double> x = finite_elements(values);
  d.not_finite = values.numel() - static_cast<std::int64_t>(x.size());
  if (x.empty()) return d;
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  d.low = *low;
  d.high = *high;
  count(x, d);
  find_moments(x, d);
  find_quantiles(x, d);
  return d;
}

}  // namespace xgrad::viz
