// lr_warmup.hpp: learning rates that start small.
#pragma once

#include <xgrad/optim/lr_scheduler.hpp>
#include <xgrad/optim/lr_sequence.hpp>

namespace xgrad::optim {

/// Multiplies the rates by factor for the first total_iters epochs.
/// @throws ValueError  unless factor is in (0, 1] and total_iters at least 1.
class ConstantLR : public GroupwiseLR {
 public:
  explicit ConstantLR(Optimizer& optimizer, double factor = 1.0 / 3, Count total_iters = 5,
                      Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  double factor_;
  std::int64_t total_iters_;
};

struct LinearLROptions {
  double start_factor = 1.0 / 3;
  double end_factor = 1;
  std::int64_t total_iters = 5;
};
/// Multiplies the rates by a factor that goes from start_factor to end_factor on a line, over
/// total_iters epochs.
/// @throws ValueError  unless start_factor is in (0, 1], end_factor in [0, 1] and total_iters at
///         least 1.
class LinearLR : public GroupwiseLR {
 public:
  explicit LinearLR(Optimizer& optimizer, LinearLROptions options = {},
                    Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  LinearLROptions options_;
};

/// A linear warm-up over warmup_iters steps, from start_factor of the rates to all of them, then
/// another schedule, whose epochs begin there. Without warmup_iters, that schedule alone.
///
///     auto scheduler = optim::warmup(optimizer, 500, optim::StepLR(optimizer, 10000));
SequentialLR warmup(Optimizer& optimizer, Count warmup_iters, AnyScheduler then,
                    double start_factor = 0.01, Site site = {__builtin_FILE(), __builtin_LINE()});

/// The usual schedule of transformers: a linear warm-up, then half a cosine down to eta_min, which
/// is reached after total_iters steps in all.
/// @throws ValueError  unless total_iters is above warmup_iters.
///
///     auto scheduler = optim::warmup_cosine(optimizer, 500, 10000);
SequentialLR warmup_cosine(Optimizer& optimizer, Count warmup_iters, Count total_iters,
                           double eta_min = 0, double start_factor = 0.01,
                           Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad::optim
