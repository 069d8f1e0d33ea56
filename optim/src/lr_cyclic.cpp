#include <xgrad/optim/lr_cyclic.hpp>

#include <cmath>

#include "lr_momentum.hpp"

namespace xgrad::optim {

using detail::ScheduleField;

CyclicLR::CyclicLR(Optimizer& optimizer, const PerGroup& base_lr, const PerGroup& max_lr,
                   const CyclicLROptions& o, Site site)
    : GroupwiseLR("CyclicLR", optimizer),
      max_lrs_(max_lr.expand(groups())),
      base_momentums_(o.base_momentum.expand(groups())),
      max_momentums_(o.max_momentum.expand(groups())),
      step_size_up_(o.step_size_up),
      step_size_down_(o.step_size_down.value_or(o.step_size_up)),
      mode_(o.mode),
      scale_mode_(o.scale_mode),
      gamma_(o.gamma),
      scale_fn_(o.scale_fn),
      cycle_momentum_(o.cycle_momentum) {
  base_lrs_ = base_lr.expand(groups());
  if (cycle_momentum_) detail::check_has_momentum(kind(), optimizer, site);
  start(site);
}

// How far up from the base an epoch is, as a share of the amplitude.
double CyclicLR::height_at(std::int64_t epoch) const {
  const auto t = static_cast<double>(epoch);
  const auto up = static_cast<double>(step_size_up_), down = static_cast<double>(step_size_down_);
  const double total = up + down, ratio = up / total;
  const double cycle = std::floor(1 + t / total), x = 1 + t / total - cycle;
  const double height = x <= ratio ? x / ratio : (x - 1) / (ratio - 1);
  if (scale_fn_) return height * scale_fn_(scale_mode_ == "cycle" ? cycle : t);
  if (mode_ == "triangular") return height;
  return height * (mode_ == "triangular2" ? std::exp2(1 - cycle) : std::pow(gamma_, t));
}
double CyclicLR::lr_at(std::int64_t epoch, std::size_t group, double) const {
  return base_lrs_[group] + (max_lrs_[group] - base_lrs_[group]) * height_at(epoch);
}
std::optional<double> CyclicLR::momentum_at(std::int64_t epoch, std::size_t group) const {
  if (!cycle_momentum_) return {};
  const double low = base_momentums_[group], high = max_momentums_[group];
  return high - (high - low) * height_at(epoch);
}

std::vector<ScheduleField> CyclicLR::fields() {
  std::vector<ScheduleField> all = GroupwiseLR::fields();
  all.push_back({"max_lrs", &max_lrs_});
  all.push_back({"step_size_up", &step_size_up_});
  all.push_back({"step_size_down", &step_size_down_});
  all.push_back({"mode", &mode_});
  all.push_back({"gamma", &gamma_});
  all.push_back({"scale_mode", &scale_mode_});
  all.push_back({"cycle_momentum", &cycle_momentum_});
  all.push_back({"base_momentums", &base_momentums_});
  all.push_back({"max_momentums", &max_momentums_});
  return all;
}
void CyclicLR::check() const {
  GroupwiseLR::check();
  require_each("max_lr", max_lrs_);
  require_each("base_momentum", base_momentums_);
  require_each("max_momentum", max_momentums_);
  require(step_size_up_ >= 1, "step_size_up", static_cast<double>(step_size_up_), "at least 1");
  require(step_size_down_ >= 1, "step_size_down", static_cast<double>(step_size_down_),
          "at least 1");
  require(mode_ == "triangular" || mode_ == "triangular2" || mode_ == "exp_range", "mode", mode_,
          "triangular, triangular2 or exp_range");
  require(scale_mode_ == "cycle" || scale_mode_ == "iterations", "scale_mode", scale_mode_,
          "cycle or iterations");
  require(gamma_ >= 0, "gamma", gamma_, "at least 0");
  if (cycle_momentum_) detail::check_has_momentum(kind(), optimizer(), {});
}

}  // namespace xgrad::optim
