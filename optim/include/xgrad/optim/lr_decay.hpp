// lr_decay.hpp: learning rates that fall by a rule.
#pragma once

#include <xgrad/optim/lr_scheduler.hpp>

namespace xgrad::optim {

/// Multiplies the rates by gamma every step_size epochs.
/// @throws ValueError  unless step_size is at least 1 and gamma at least 0.
///
///     optim::StepLR scheduler(optimizer, 30);  // a tenth after 30 epochs, a hundredth after 60
class StepLR : public GroupwiseLR {
 public:
  StepLR(Optimizer& optimizer, Count step_size, double gamma = 0.1,
         Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  std::int64_t step_size_;
  double gamma_;
};

/// Multiplies the rates by gamma at each of the milestones, as often as it is in the list.
/// @throws ValueError  for a negative milestone or gamma.
class MultiStepLR : public GroupwiseLR {
 public:
  MultiStepLR(Optimizer& optimizer, std::vector<std::int64_t> milestones, double gamma = 0.1,
              Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  std::vector<std::int64_t> milestones_;
  double gamma_;
};

/// Multiplies the rates by gamma every epoch. @throws ValueError  for a negative gamma.
class ExponentialLR : public GroupwiseLR {
 public:
  ExponentialLR(Optimizer& optimizer, double gamma,
                Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  double gamma_;
};

/// The first rate times (1 - epoch / total_iters)^power; 0 from total_iters on.
/// @throws ValueError  unless total_iters is at least 1 and power at least 0.
class PolynomialLR : public GroupwiseLR {
 public:
  explicit PolynomialLR(Optimizer& optimizer, Count total_iters = 5, double power = 1,
                        Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  std::int64_t total_iters_;
  double power_;
};

}  // namespace xgrad::optim
