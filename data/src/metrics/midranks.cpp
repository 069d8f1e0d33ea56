#include "midranks.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace xgrad::metrics::detail {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double mean_of(std::span<const double> x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double variance_of(std::span<const double> x) {
  if (x.size() < 2) return nan;
  const double mean = mean_of(x);
  double sum = 0;
  for (const double v : x) sum += (v - mean) * (v - mean);
  return sum / static_cast<double>(x.size() - 1);
}

// Of each sample, the share of the others that score less, equals counting one half: from its rank
// among all and its rank among its own kind.
Numbers shares_below(std::span<const double> among_all, std::span<const double> own,
                     std::size_t others) {
  const Numbers among_own = midranks(own);
  Numbers shares(own.size());
  for (std::size_t i = 0; i < own.size(); ++i)
    shares[i] = (among_all[i] - among_own[i]) / static_cast<double>(others);
  return shares;
}

}  // namespace

Numbers midranks(std::span<const double> scores) {
  xgrad::detail::ScratchVector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  Numbers ranks(scores.size());
  for (std::size_t begin = 0, end; begin < order.size(); begin = end) {
    for (end = begin + 1; end < order.size() && scores[order[end]] == scores[order[begin]];) ++end;
    const double rank = static_cast<double>(begin + end + 1) / 2;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = rank;
  }
  return ranks;
}

Area area_of(std::span<const double> positive, std::span<const double> negative) {
  if (positive.empty() || negative.empty()) return {nan, nan};
  Numbers all(positive.begin(), positive.end());
  all.insert(all.end(), negative.begin(), negative.end());
  const Numbers ranks = midranks(all);
  const std::span<const double> r(ranks);
  const Numbers below = shares_below(r.first(positive.size()), positive, negative.size());
  const Numbers above = shares_below(r.subspan(positive.size()), negative, positive.size());
  return {mean_of(below), variance_of(below) / static_cast<double>(positive.size()) +
                              variance_of(above) / static_cast<double>(negative.size())};
}

}  // namespace xgrad::metrics::detail
