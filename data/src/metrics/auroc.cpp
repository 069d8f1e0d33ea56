#include <xgrad/data/metrics/auroc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/state_reader.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/reshape.hpp>

#include "counts.hpp"
#include "labels.hpp"
#include "midranks.hpp"
#include "normal_quantile.hpp"

namespace xgrad::metrics {
namespace {

/// The area of a column of scores, its class against the rest.
detail::Area area_of_class(const Tensor& scores, std::int64_t column, const Tensor& targets,
                           std::int64_t of) {
  detail::Numbers positive, negative;
  for (std::int64_t i = 0; i < targets.numel(); ++i) {
    const double score = scores.data<double>()[i * scores.size(1) + column];
    (targets.data<std::int64_t>()[i] == of ? positive : negative).push_back(score);
  }
  return detail::area_of(positive, negative);
}

void check_scores(const Tensor& scores) {
  for (const double s : scores.span<double>())
    if (std::isnan(s)) throw ValueError("Auroc: a score is NaN; it has no rank");
}

void check_targets(const Tensor& targets, const AurocOptions& options) {
  for (const std::int64_t t : targets.span<std::int64_t>())
    if ((t < 0 || t >= options.classes) && t != options.ignore_index)
      throw ValueError(fmt::format("Auroc: a target is {}; it must be in [0, {}) or ignore_index",
                                   t, options.classes));
}

}  // namespace

Auroc::Auroc(AurocOptions options, Site site) : options_(options) {
  const OpScope scope("Auroc", site);
  detail::check_class_count("Auroc", options.classes);
  if (options.average != Average::macro && options.average != Average::weighted)
    throw ValueError("Auroc: average must be macro or weighted");
}

void Auroc::update(const Tensor& predictions, const Tensor& targets, Site site) {
  const OpScope scope("Auroc", site);
  const NoGrad guard;
  if (options_.classes == 2 && is_floating(predictions.dtype()) &&
      predictions.shape() == targets.shape()) {
    const Tensor target = detail::read_targets("Auroc", targets).flatten();
    return keep(predictions.to(float64).reshape({target.numel(), 1}), target);
  }
  const auto [scores, target] = detail::read_scores("Auroc", predictions, targets);
  if (scores.size(1) != options_.classes)
    throw ShapeError(fmt::format("Auroc: predictions are {}; they must be scores of {} classes",
                                 xgrad::detail::describe(predictions), options_.classes));
  keep(options_.classes == 2 ? narrow(scores, 1, 1, 1) : scores, target);
}

// Keeps a copy of the rows that count.
void Auroc::keep(const Tensor& scores, const Tensor& targets) {
  check_targets(targets, options_);
  Tensor rows = scores, kept = targets;
  if (options_.ignore_index) {
    const Tensor counts = targets != *options_.ignore_index;
    rows = scores.index({counts}), kept = targets.index({counts});
  }
  check_scores(rows);
  scores_.reserve(scores_.size() + 1);
  targets_.push_back(kept.detach().clone());
  scores_.push_back(rows.detach().clone());
}

Tensor Auroc::all_scores() const {
  return scores_.empty() ? zeros({0, columns()}, {.dtype = float64}) : cat(scores_);
}

Tensor Auroc::all_targets() const {
  return targets_.empty() ? zeros({0}, {.dtype = int64}) : cat(targets_);
}

Tensor Auroc::per_class() const {
  const Tensor scores = all_scores(), targets = all_targets();
  Tensor areas = empty({options_.classes}, {.dtype = float64});
  for (std::int64_t c = 0; c < options_.classes; ++c) {
    const bool binary = options_.classes == 2;  // class 0 against class 1 is the same area
    areas.mutable_data<double>()[c] =
        area_of_class(scores, binary ? 0 : c, targets, binary ? 1 : c).value;
  }
  return areas;
}

double Auroc::compute() const {
  const Tensor areas = per_class(), targets = all_targets();
  if (options_.classes == 2) return areas.data<double>()[1];
  double sum = 0, weights = 0;
  for (std::int64_t c = 0; c < options_.classes; ++c) {
    const double area = areas.data<double>()[c];
    if (std::isnan(area)) continue;
    const auto all = targets.span<std::int64_t>();
    const double weight = options_.average == Average::macro
                              ? 1
                              : static_cast<double>(std::count(all.begin(), all.end(), c));
    sum += weight * area;
    weights += weight;
  }
  return weights > 0 ? sum / weights : std::numeric_limits<double>::quiet_NaN();
}

double Auroc::standard_error(Site site) const {
  const OpScope scope("Auroc", site);
  if (options_.classes != 2)
    throw ValueError(
        fmt::format("Auroc: there are {} classes; a standard error is for 2", options_.classes));
  return std::sqrt(area_of_class(all_scores(), 0, all_targets(), 1).variance);
}

Interval Auroc::interval(double confidence, Site site) const {
  const OpScope scope("Auroc", site);
  const double half = detail::normal_quantile("Auroc", confidence) * standard_error(site);
  const double area = compute();
  if (std::isnan(half)) return {half, half};
  return {std::max(0.0, area - half), std::min(1.0, area + half)};
}

void Auroc::reset() noexcept {
  scores_.clear();
  targets_.clear();
}

void Auroc::merge(const Auroc& other, Site site) {
  const OpScope scope("Auroc", site);
  detail::check_same_classes("Auroc", options_.classes, other.options_.classes);
  const auto scores = other.scores_, targets = other.targets_;  // it may be this one
  scores_.insert(scores_.end(), scores.begin(), scores.end());
  targets_.insert(targets_.end(), targets.begin(), targets.end());
}

StateDict Auroc::state_dict() const {
  return {{"scores", all_scores()}, {"targets", all_targets()}};
}

void Auroc::load_state_dict(const StateDict& state, Site site) {
  const OpScope scope("load_state_dict", site);
  xgrad::detail::StateReader from(state);
  const auto found = state.find("targets");
  const Tensor* const any = found == state.end() ? nullptr : std::get_if<Tensor>(&found->value);
  const std::int64_t samples = any != nullptr ? any->numel() : 0;
  const Tensor scores = from.tensor("scores", {samples, columns()}, float64);
  const Tensor targets = from.tensor("targets", {samples}, int64);
  from.check_fits("Auroc", "names, shapes and dtypes must be the same");
  Auroc loaded(options_, site);
  loaded.keep(scores, targets);
  *this = std::move(loaded);
}

}  // namespace xgrad::metrics
