#include <xgrad/data/metrics/top_k.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

#include "labels.hpp"

namespace xgrad::metrics {
namespace {

// NaN is higher than any number, and equals are in the order of their classes.
bool is_higher(const double* scores, std::int64_t a, std::int64_t b) {
  const bool a_nan = std::isnan(scores[a]), b_nan = std::isnan(scores[b]);
  if (a_nan != b_nan) return a_nan;
  return a_nan || scores[a] == scores[b] ? a < b : scores[a] > scores[b];
}

std::int64_t rank_of(const double* scores, std::int64_t classes, std::int64_t of) {
  std::int64_t rank = 0;
  for (std::int64_t c = 0; c < classes; ++c) rank += is_higher(scores, c, of) ? 1 : 0;
  return rank;
}

}  // namespace

TopK::TopK(Count k, TopKOptions options, Site site) : k_(k), options_(options) {
  if (k_ < 1) throw ValueError(fmt::format("TopK: k is {}; it must be at least 1", k_), site);
}

void TopK::update(const Tensor& predictions, const Tensor& targets, Site site) {
  const OpScope scope("TopK", site);
  const auto [scores, target] = detail::read_scores("TopK", predictions, targets);
  const std::int64_t classes = scores.size(1);
  if (k_ > classes)
    throw ValueError(fmt::format("TopK: k is {}, but there are {} classes", k_, classes));
  std::int64_t correct = 0, total = 0;
  for (std::int64_t i = 0; i < target.numel(); ++i) {
    const std::int64_t t = target.data<std::int64_t>()[i];
    if (t == options_.ignore_index) continue;
    if (t < 0 || t >= classes)
      throw ValueError(
          fmt::format("TopK: a target is {}; it must be in [0, {}) or ignore_index", t, classes));
    correct += rank_of(scores.data<double>() + i * classes, classes, t) < k_ ? 1 : 0;
    ++total;
  }
  count(correct, total);
}

void TopK::merge(const TopK& other, Site site) {
  if (other.k_ != k_)
    throw ValueError(
        fmt::format("TopK: k is {} here and {} in the other one; they must be the same", k_,
                    other.k_),
        site);
  count(other.correct(), other.total());
}

}  // namespace xgrad::metrics
