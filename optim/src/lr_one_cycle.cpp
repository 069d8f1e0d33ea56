#include <xgrad/optim/lr_one_cycle.hpp>

#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "lr_momentum.hpp"

namespace xgrad::optim {

namespace {

using detail::ScheduleField;

std::int64_t total_of(const OneCycleLROptions& o, Site site) {
  if (o.total_steps) return *o.total_steps;
  if (!o.epochs || !o.steps_per_epoch)
    throw ValueError("OneCycleLR: give total_steps, or both epochs and steps_per_epoch", site);
  if (*o.epochs < 1 || *o.steps_per_epoch < 1 ||
      *o.epochs > (std::int64_t{1} << 53) / *o.steps_per_epoch)
    throw ValueError(fmt::format("OneCycleLR: epochs is {}, steps_per_epoch {}; both must be at "
                                 "least 1, their product at most 2^53",
                                 *o.epochs, *o.steps_per_epoch),
                     site);
  return *o.epochs * *o.steps_per_epoch;
}

// The share of the way from one epoch to another; a phase without epochs is over.
double share_of(double epoch, double from, double to) {
  return from == to ? 1 : (epoch - from) / (to - from);
}

void divide(std::vector<double>& values, double by) {
  for (double& value : values) value /= by;
}

}  // namespace

OneCycleLR::OneCycleLR(Optimizer& optimizer, const PerGroup& max_lr, const OneCycleLROptions& o,
                       Site site)
    : GroupwiseLR("OneCycleLR", optimizer),
      max_lrs_(max_lr.expand(groups())),
      base_momentums_(o.base_momentum.expand(groups())),
      max_momentums_(o.max_momentum.expand(groups())),
      total_steps_(total_of(o, site)),
      pct_start_(o.pct_start),
      anneal_strategy_(o.anneal_strategy),
      cycle_momentum_(o.cycle_momentum),
      three_phase_(o.three_phase) {
  for (const double factor : {o.div_factor, o.final_div_factor})
    if (!(factor > 0))
      throw ValueError(
          fmt::format("OneCycleLR: div_factor is {}, final_div_factor {}; both must be above 0",
                      o.div_factor, o.final_div_factor),
          site);
  if (cycle_momentum_) detail::check_has_momentum(kind(), optimizer, site);
  divide(base_lrs_ = max_lrs_, o.div_factor);
  divide(min_lrs_ = base_lrs_, o.final_div_factor);
  start(site);
  const std::vector<ScheduledGroup> all = optimizer.scheduled_groups();
  for (std::size_t i = 0; i < all.size(); ++i) all[i].initial_lr = base_lrs_[i];
}

OneCycleLR::Place OneCycleLR::place_at(std::int64_t epoch) const {
  const auto total = static_cast<double>(total_steps_);
  const double up = pct_start_ * total - 1, down = 2 * pct_start_ * total - 2, end = total - 1;
  const auto t = static_cast<double>(epoch);
  if (t <= up) return {0, 1, share_of(t, 0, up)};
  if (!three_phase_) return {1, 2, share_of(t, up, end)};
  if (t <= down) return {1, 0, share_of(t, up, down)};
  return {0, 2, share_of(t, down, end)};
}

double OneCycleLR::between(double from, double to, double share) const {
  if (anneal_strategy_ == "linear") return (to - from) * share + from;
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * share));
}

double OneCycleLR::lr_at(std::int64_t epoch, std::size_t group, double) const {
  if (epoch > total_steps_)
    throw ValueError(
        fmt::format("OneCycleLR: step {} of {}; give a larger total_steps", epoch, total_steps_));
  const Place place = place_at(epoch);
  const double levels[] = {base_lrs_[group], max_lrs_[group], min_lrs_[group]};
  return between(levels[place.from], levels[place.to], place.share);
}

std::optional<double> OneCycleLR::momentum_at(std::int64_t epoch, std::size_t group) const {
  if (!cycle_momentum_) return {};
  const Place place = place_at(epoch);
  const double levels[] = {max_momentums_[group], base_momentums_[group], max_momentums_[group]};
  return between(levels[place.from], levels[place.to], place.share);
}

std::vector<ScheduleField> OneCycleLR::fields() {
  std::vector<ScheduleField> all = GroupwiseLR::fields();
  all.push_back({"max_lrs", &max_lrs_});
  all.push_back({"min_lrs", &min_lrs_});
  all.push_back({"total_steps", &total_steps_});
  all.push_back({"pct_start", &pct_start_});
  all.push_back({"anneal_strategy", &anneal_strategy_});
  all.push_back({"cycle_momentum", &cycle_momentum_});
  all.push_back({"base_momentums", &base_momentums_});
  all.push_back({"max_momentums", &max_momentums_});
  all.push_back({"three_phase", &three_phase_});
  return all;
}

void OneCycleLR::check() const {
  GroupwiseLR::check();
  require_each("max_lr", max_lrs_);
  require_each("min_lrs", min_lrs_);
  require_each("base_momentum", base_momentums_);
  require_each("max_momentum", max_momentums_);
  require(total_steps_ >= 1, "total_steps", static_cast<double>(total_steps_), "at least 1");
  require(pct_start_ >= 0 && pct_start_ <= 1, "pct_start", pct_start_, "in [0, 1]");
  require(anneal_strategy_ == "cos" || anneal_strategy_ == "linear", "anneal_strategy",
          anneal_strategy_, "cos or linear");
  if (cycle_momentum_) detail::check_has_momentum(kind(), optimizer(), {});
}

}  // namespace xgrad::optim
