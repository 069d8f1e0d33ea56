// lr_plateau.hpp: learning rates that fall when a metric no longer improves.
#pragma once

#include <xgrad/optim/lr_scheduler.hpp>

namespace xgrad::optim {

struct ReduceLROnPlateauOptions {
  std::string mode = "min";    ///< whether smaller ("min") or larger ("max") metrics are better
  double factor = 0.1;         ///< by which the rates are multiplied
  std::int64_t patience = 10;  ///< epochs without improvement that are allowed
  double threshold = 1e-4;     ///< by which a metric must be better
  std::string threshold_mode = "rel";  ///< the threshold is a share of the best ("rel"), or "abs"
  std::int64_t cooldown = 0;           ///< epochs after a reduction that do not count
  PerGroup min_lr = 0.0;
  double eps = 1e-8;  ///< a smaller change of a rate is not made
};

/// Multiplies the rates by factor after more than `patience` epochs without improvement.
///
///     optim::ReduceLROnPlateau scheduler(optimizer, {.factor = 0.5, .patience = 3});
///     scheduler.step(validation_loss);
///
/// @throws ValueError  for numbers out of range, an unknown mode, or a min_lr that is not as long
/// as
///         there are groups.
class ReduceLROnPlateau : public Schedule {
 public:
  explicit ReduceLROnPlateau(Optimizer& optimizer, const ReduceLROnPlateauOptions& options = {},
                             Site site = {__builtin_FILE(), __builtin_LINE()});

  /// Takes the metric of an epoch into account. NaN is no improvement.
  void step(double metric, Site site = {__builtin_FILE(), __builtin_LINE()});

  /// The best metric so far; infinite before the first.
  double best() const noexcept { return best_; }
  std::int64_t num_bad_epochs() const noexcept { return num_bad_epochs_; }

 protected:
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  bool is_better(double metric) const;
  void reduce();

  std::string mode_, threshold_mode_;
  double factor_, threshold_, eps_, best_;
  std::int64_t patience_, cooldown_, cooldown_counter_ = 0, num_bad_epochs_ = 0;
  std::vector<double> min_lrs_;
};

}  // namespace xgrad::optim
