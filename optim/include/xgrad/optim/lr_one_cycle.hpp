// lr_one_cycle.hpp: a learning rate that goes up and down once in a run.
#pragma once

#include <xgrad/optim/lr_scheduler.hpp>

namespace xgrad::optim {

struct OneCycleLROptions {
  std::optional<std::int64_t> total_steps = {};
  std::optional<std::int64_t> epochs = {};  ///< with steps_per_epoch instead of total_steps
  std::optional<std::int64_t> steps_per_epoch = {};  ///< with epochs
  double pct_start = 0.3;                            ///< the share of the steps that go up
  std::string anneal_strategy = "cos";               ///< cos or linear
  bool cycle_momentum = true;
  PerGroup base_momentum = 0.85;
  PerGroup max_momentum = 0.95;
  double div_factor = 25;         ///< the first rate is max_lr / div_factor
  double final_div_factor = 1e4;  ///< the last one is the first / final_div_factor
  bool three_phase = false;       ///< down to the first rate as long as up, then to the last one
};

/// One cycle over a whole run: up from max_lr / div_factor to max_lr, then down below where it
/// began; the momentum, or Adam's first beta, from max_momentum to base_momentum and back. Take a
/// step after every batch. The optimizer's own rates are not used.
///
///     optim::OneCycleLR scheduler(optimizer, 0.1, {.epochs = 10, .steps_per_epoch = 469});
///
/// @throws ValueError  for numbers out of range, an unknown strategy, lists that are not as long as
///         there are groups, cycle_momentum for a method that has neither momentum nor betas, and
///         for a step after total_steps.
/// @see  Smith and Topin, 2018.
class OneCycleLR : public GroupwiseLR {
 public:
  OneCycleLR(Optimizer& optimizer, const PerGroup& max_lr, const OneCycleLROptions& options,
             Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  std::optional<double> momentum_at(std::int64_t epoch, std::size_t group) const override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  struct Place {
    int from, to;  // 0: the first rate, 1: max_lr, 2: the last rate
    double share;  // of the way
  };
  Place place_at(std::int64_t epoch) const;
  double between(double from, double to, double share) const;

  std::vector<double> max_lrs_, min_lrs_, base_momentums_, max_momentums_;
  std::int64_t total_steps_;
  double pct_start_;
  std::string anneal_strategy_;
  bool cycle_momentum_, three_phase_;
};

}  // namespace xgrad::optim
