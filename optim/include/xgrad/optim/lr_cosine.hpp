// lr_cosine.hpp: learning rates that follow a cosine.
#pragma once

#include <xgrad/optim/lr_scheduler.hpp>

namespace xgrad::optim {

/// From the first rate to eta_min on half a cosine over T_max epochs, and back over the next T_max:
///
///     lr = eta_min + (base_lr - eta_min) (1 + cos(pi epoch / T_max)) / 2
///
/// computed from the rate before, so that other changes of the rate are kept.
/// @throws ValueError  unless T_max is at least 1 and eta_min at least 0.
/// @see  Loshchilov and Hutter, ICLR 2017.
class CosineAnnealingLR : public GroupwiseLR {
 public:
  CosineAnnealingLR(Optimizer& optimizer, Count T_max, double eta_min = 0,
                    Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  std::int64_t T_max_;
  double eta_min_;
};

/// From the first rate to eta_min on half a cosine, again and again: over T_0 epochs, then over
/// T_mult times as many as the time before.
/// @throws ValueError  unless T_0 and T_mult are at least 1 and eta_min at least 0.
/// @see  Loshchilov and Hutter, ICLR 2017.
class CosineAnnealingWarmRestarts : public GroupwiseLR {
 public:
  CosineAnnealingWarmRestarts(Optimizer& optimizer, Count T_0, Count T_mult = 1, double eta_min = 0,
                              Site site = {__builtin_FILE(), __builtin_LINE()});

  using LRScheduler::step;
  /// Goes to an epoch, which may be a fraction: `scheduler.step(epoch + batch / double(batches))`.
  /// @throws ValueError  for a negative or infinite epoch.
  void step(double epoch, Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  void advance() override;
  void begin() override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  std::int64_t T_0_, T_mult_;
  double eta_min_;
  double T_cur_ = 0;  // epochs since the last restart
  double T_i_;        // epochs from that to the next
};

}  // namespace xgrad::optim
