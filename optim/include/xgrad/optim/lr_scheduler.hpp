// lr_scheduler.hpp: what all learning rate schedules have.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <xgrad/graph/state_dict.hpp>
#include <xgrad/graph/strict.hpp>
#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// A number for all parameter groups, or one for each: `0.1`, `{0.1, 0.02}`.
class PerGroup {
 public:
  PerGroup(double all) : values_{all} {}
  PerGroup(std::initializer_list<double> each) : values_(each) {}
  PerGroup(std::vector<double> each) : values_(std::move(each)) {}

  /// One number for each of the groups; a list of another length stays as it is.
  std::vector<double> expand(std::size_t groups) const {
    return values_.size() == 1 ? std::vector<double>(groups, values_[0]) : values_;
  }

 private:
  std::vector<double> values_;
};

namespace detail {
/// An entry of a schedule's state: its name and the member that holds it. A `const char*` is the
/// kind of a schedule, which a state must have.
struct ScheduleField {
  std::string name;
  std::variant<const char*, double*, std::int64_t*, bool*, std::string*, std::vector<double>*,
               std::vector<std::int64_t>*>
      member;
};
}  // namespace detail

/// Base of all schedules: the counter, the rates set last, and the state.
///
/// A schedule refers to its optimizer, which must outlive it and stay where it is. Copies of a
/// schedule count on their own.
class Schedule {
 public:
  virtual ~Schedule() = default;

  /// How many steps the schedule has taken: 0 after construction.
  std::int64_t last_epoch() const noexcept { return last_epoch_; }
  /// The learning rate of each group, as the schedule last set it.
  const std::vector<double>& get_last_lr() const noexcept { return last_lr_; }
  Optimizer& optimizer() const noexcept { return *optimizer_; }

  /// All that the schedule resumes from, by PyTorch's names: "last_epoch", "base_lrs.0",
  /// "_last_lr.0", its options; and "scheduler", the kind. Functions are not part of it.
  StateDict state_dict() const;
  /// Resumes from a state, options included. The learning rates themselves are part of the
  /// optimizer's state: make the optimizer and the schedule, then load both, in any order.
  /// @throws ValueError  for a state of another kind of schedule or another number of groups, with
  ///         all entries that do not fit, or for an option out of range. Nothing has been changed
  ///         then.
  void load_state_dict(const StateDict& state, Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  /// @param kind  the name of the class, a string literal.
  Schedule(const char* kind, Optimizer& optimizer);
  Schedule(const Schedule&) = default;
  Schedule& operator=(const Schedule&) = default;

  /// The entries of the state. A class with members of its own adds them to its base's.
  virtual std::vector<detail::ScheduleField> fields();
  /// @throws ValueError  if a member is out of range.
  virtual void check() const;

  const char* kind() const noexcept { return kind_; }
  std::size_t groups() const noexcept { return base_lrs_.size(); }
  /// The rates of the groups now, whoever set them.
  std::vector<double> current_lrs() const;
  /// Sets the groups' rates. @throws ValueError  if one is negative or NaN; none is set then.
  void set_lrs(const std::vector<double>& lrs);
  /// Throws a ValueError, "StepLR: gamma is -1; it must be at least 0", unless it holds.
  void require(bool holds, const char* what, double value, const char* rule) const;
  void require(bool holds, const char* what, const std::string& value, const char* rule) const;
  /// Throws unless there is a number of at least 0 for each group.
  void require_each(const char* what, const std::vector<double>& values) const;

  std::vector<double> base_lrs_;  ///< The rates before the first schedule of the optimizer.
  std::vector<double> last_lr_;
  std::int64_t last_epoch_ = 0;

 private:
  friend class AnyScheduler;
  const char* kind_;
  Optimizer* optimizer_;
};

/// Base of the schedules that take a step without arguments: all but ReduceLROnPlateau.
class LRScheduler : public Schedule {
 public:
  /// Sets the rates for the next epoch, or for the next batch; call it after `optimizer.step()`.
  void step(Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  using Schedule::Schedule;

  /// Takes a step.
  virtual void advance() = 0;
  /// Becomes a schedule that has just been made, on the groups' rates as they are.
  virtual void begin() = 0;
  /// The same, on the rates before all schedules: how SequentialLR starts one at its milestone.
  virtual void restart();
  /// To be called by the constructor of the most derived class, with all members set.
  void start(Site site);

  friend class AnyScheduler;
};

/// Base of the schedules that are a formula for each group: write `lr_at` for one of your own, and
/// call `start(site)` at the end of its constructor.
class GroupwiseLR : public LRScheduler {
 protected:
  using LRScheduler::LRScheduler;

  /// The rate of a group at an epoch, from its rate before; `base_lrs_[group]` is the first one.
  virtual double lr_at(std::int64_t epoch, std::size_t group, double lr) const = 0;
  /// The momentum, or first beta, of a group, if the schedule sets it.
  virtual std::optional<double> momentum_at(std::int64_t epoch, std::size_t group) const;

  void advance() override;
  void begin() override;
};

/// PyTorch's name of this namespace: `optim::lr_scheduler::StepLR` is `optim::StepLR`.
namespace lr_scheduler = ::xgrad::optim;

}  // namespace xgrad::optim
