#include <xgrad/data/metrics/f1.hpp>

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/ops/arithmetic.hpp>

#include "counts.hpp"
#include "labels.hpp"

namespace xgrad::metrics {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// True positives, false positives and false negatives of a class, or of all.
struct Hits {
  double right, wrong, missed;
  double occurs() const { return right + wrong + missed; }
  double targets() const { return right + missed; }
};

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }
double precision_of(const Hits& h) { return ratio(h.right, h.right + h.wrong); }
double recall_of(const Hits& h) { return ratio(h.right, h.right + h.missed); }
auto f_score(double beta) {
  return [b = beta * beta](const Hits& h) {
    return ratio((1 + b) * h.right, (1 + b) * h.right + h.wrong + b * h.missed);
  };
}

Hits hits_of(const Tensor& counts, std::int64_t c) {
  const std::int64_t classes = counts.size(1);
  const std::int64_t* const at = counts.data<std::int64_t>() + c;
  const auto number = [&](std::int64_t row) { return static_cast<double>(at[row * classes]); };
  return {number(0), number(1), number(2)};
}

Hits all_hits(const Tensor& counts) {
  Hits sum{};
  for (std::int64_t c = 0; c < counts.size(1); ++c) {
    const Hits h = hits_of(counts, c);
    sum = {sum.right + h.right, sum.wrong + h.wrong, sum.missed + h.missed};
  }
  return sum;
}

template <class Score>
double averaged(const Tensor& counts, Average average, Score score) {
  const Hits all = all_hits(counts);
  if (all.occurs() == 0) return nan;
  if (average == Average::micro) return score(all);
  if (average == Average::binary) return score(hits_of(counts, 1));
  double sum = 0, weights = 0;
  for (std::int64_t c = 0; c < counts.size(1); ++c) {
    const Hits h = hits_of(counts, c);
    const double present = h.occurs() > 0 ? 1 : 0;
    const double weight = average == Average::macro ? present : h.targets();
    sum += weight * score(h);
    weights += weight;
  }
  return sum / weights;
}

}  // namespace

F1::F1(Count classes, F1Options options, Site site) : options_(options) {
  const OpScope scope("F1", site);
  detail::check_class_count("F1", classes);
  if (!(options.beta > 0) || !std::isfinite(options.beta))
    throw ValueError(fmt::format("F1: beta is {}; it must be positive", options.beta));
  if (options.average == Average::binary && classes != 2)
    throw ValueError(
        fmt::format("F1: average is binary, but there are {} classes; it needs 2", classes));
  counts_ = zeros({3, classes}, {.dtype = int64});
}

void F1::update(const Tensor& predictions, const Tensor& targets, Site site) {
  const OpScope scope("F1", site);
  const std::int64_t classes = counts_.size(1);
  const auto labels =
      detail::read_labels("F1", predictions, targets, options_.threshold, options_.ignore_index);
  labels.check_classes("F1", classes);
  Tensor counts = counts_.clone();  // copies of this metric keep theirs
  std::int64_t* const right = counts.mutable_data<std::int64_t>();
  std::int64_t *const wrong = right + classes, *const missed = wrong + classes;
  labels.for_each([&](std::int64_t predicted, std::int64_t target) {
    if (predicted == target)
      ++right[target];
    else
      ++wrong[predicted], ++missed[target];
  });
  counts_ = counts;
}

double F1::compute() const { return averaged(counts_, options_.average, f_score(options_.beta)); }
double F1::precision() const { return averaged(counts_, options_.average, precision_of); }
double F1::recall() const { return averaged(counts_, options_.average, recall_of); }

Tensor F1::per_class() const {
  Tensor scores = empty({counts_.size(1)}, {.dtype = float64});
  for (std::int64_t c = 0; c < counts_.size(1); ++c) {
    const Hits h = hits_of(counts_, c);
    scores.mutable_data<double>()[c] = h.occurs() > 0 ? f_score(options_.beta)(h) : nan;
  }
  return scores;
}

void F1::reset() { counts_ = zeros_like(counts_); }

void F1::merge(const F1& other, Site site) {
  const OpScope scope("F1", site);
  const NoGrad guard;
  detail::check_same_classes("F1", counts_.size(1), other.counts_.size(1));
  counts_ = counts_ + other.counts_;
}

void F1::load_state_dict(const StateDict& state, Site site) {
  counts_ = detail::read_counts(state, "F1", counts_.shape(), site);
}

}  // namespace xgrad::metrics
