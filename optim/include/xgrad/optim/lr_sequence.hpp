// lr_sequence.hpp: schedules made of schedules.
#pragma once

#include <concepts>
#include <memory>

#include <xgrad/optim/lr_scheduler.hpp>

namespace xgrad::optim {

/// Any schedule but ReduceLROnPlateau, as a value: implicit from a copy of one. Copies count on
/// their own.
class AnyScheduler {
 public:
  template <std::derived_from<LRScheduler> S>
  AnyScheduler(S scheduler)
      : self_(std::make_unique<S>(std::move(scheduler))), copy_([](const LRScheduler& s) {
          return std::unique_ptr<LRScheduler>(std::make_unique<S>(static_cast<const S&>(s)));
        }) {}
  AnyScheduler(const AnyScheduler& other) : self_(other.copy_(*other.self_)), copy_(other.copy_) {}
  AnyScheduler(AnyScheduler&&) noexcept = default;
  AnyScheduler& operator=(AnyScheduler other) noexcept {
    self_ = std::move(other.self_);
    copy_ = other.copy_;
    return *this;
  }

  const LRScheduler& operator*() const noexcept { return *self_; }
  const LRScheduler* operator->() const noexcept { return self_.get(); }

 private:
  friend class SequentialLR;
  friend class ChainedScheduler;
  void advance() const { self_->advance(); }
  void begin() const { self_->begin(); }
  void restart() const { self_->restart(); }
  void check() const { self_->check(); }
  std::vector<detail::ScheduleField> fields() const { return self_->fields(); }

  std::unique_ptr<LRScheduler> self_;
  std::unique_ptr<LRScheduler> (*copy_)(const LRScheduler&);
};

/// One schedule after the other: schedulers[i + 1] takes over at milestones[i], counted in steps of
/// this schedule, and begins with the rates before all schedules. It holds copies of the schedules.
///
///     optim::SequentialLR scheduler(
///         optimizer, {optim::LinearLR(optimizer), optim::ExponentialLR(optimizer, 0.9)}, {5});
///
/// @throws ValueError  unless all are schedules of this optimizer, and there is one milestone less,
///         in ascending order from 1.
class SequentialLR : public LRScheduler {
 public:
  SequentialLR(Optimizer& optimizer, std::vector<AnyScheduler> schedulers,
               std::vector<std::int64_t> milestones,
               Site site = {__builtin_FILE(), __builtin_LINE()});

  const std::vector<AnyScheduler>& schedulers() const noexcept { return schedulers_; }

 protected:
  void advance() override;
  void begin() override;
  void restart() override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  std::vector<AnyScheduler> schedulers_;
  std::vector<std::int64_t> milestones_;
};

/// All schedules at once: a step takes a step of each in turn, on the rates that those before it
/// have set. It holds copies of the schedules.
///
///     optim::ChainedScheduler scheduler(
///         {optim::ConstantLR(optimizer, 0.1), optim::ExponentialLR(optimizer, 0.9)});
///
/// @throws ValueError  for no schedules, or for those of different optimizers.
class ChainedScheduler : public LRScheduler {
 public:
  explicit ChainedScheduler(std::vector<AnyScheduler> schedulers,
                            Site site = {__builtin_FILE(), __builtin_LINE()});

  const std::vector<AnyScheduler>& schedulers() const noexcept { return schedulers_; }

 protected:
  void advance() override;
  void begin() override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  std::vector<AnyScheduler> schedulers_;
};

}  // namespace xgrad::optim
