#include <xgrad/optim/lr_scheduler.hpp>

#include <functional>
#include <type_traits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/state_reader.hpp>

namespace xgrad::optim {

namespace {

using detail::ScheduleField;
using xgrad::detail::StateReader;

std::string element(const std::string& name, std::size_t i) {
  return fmt::format("{}.{}", name, i);
}

template <class T>
void save(StateDict& to, const std::string& name, const T& value) {
  to.set(name, value);
}
template <class T>
void save(StateDict& to, const std::string& name, const std::vector<T>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) to.set(element(name, i), values[i]);
}

template <class T>
void read(StateReader& from, const std::string& name, T& value) {
  from.read(name, value);
}
template <class T>
void read(StateReader& from, const std::string& name, std::vector<T>& values) {
  const bool may_be_empty = values.empty();
  values.clear();
  for (std::string at = element(name, 0); from.has(at) || (values.empty() && !may_be_empty);
       at = element(name, values.size()))
    from.read(at, values.emplace_back());
}

void read_kind(StateReader& from, const std::string& name, const char* kind) {
  std::string found = kind;
  from.read(name, found);
  if (found != kind) from.refuse(name, fmt::format("'{}'", kind), fmt::format("'{}'", found));
}

// Reads what stands in a state for a member. @return a function that exchanges the two.
struct Exchange {
  StateReader& from;
  const std::string& name;

  std::function<void()> operator()(const char* kind) const {
    read_kind(from, name, kind);
    return [] {};
  }
  template <class T>
  std::function<void()> operator()(T* member) const {
    T value = *member;
    read(from, name, value);
    return [member, value]() mutable { std::swap(*member, value); };
  }
};

}  // namespace

Schedule::Schedule(const char* kind, Optimizer& optimizer) : kind_(kind), optimizer_(&optimizer) {
  for (const ScheduledGroup& group : optimizer.scheduled_groups()) {
    base_lrs_.push_back(group.initial_lr.value_or(group.lr));
    last_lr_.push_back(group.lr);
  }
}

std::vector<ScheduleField> Schedule::fields() {
  return {{"scheduler", kind_},
          {"last_epoch", &last_epoch_},
          {"base_lrs", &base_lrs_},
          {"_last_lr", &last_lr_}};
}

void Schedule::check() const {
  require(last_epoch_ >= 0, "last_epoch", static_cast<double>(last_epoch_), "at least 0");
  require_each("base_lrs", base_lrs_);
  require_each("_last_lr", last_lr_);
}

StateDict Schedule::state_dict() const {
  StateDict state;
  for (const ScheduleField& field : const_cast<Schedule*>(this)->fields())  // they are only read
    std::visit(
        [&](auto* member) {
          if constexpr (std::is_same_v<decltype(member), const char*>)
            state.set(field.name, std::string(member));
          else
            save(state, field.name, *member);
        },
        field.member);
  return state;
}

void Schedule::load_state_dict(const StateDict& state, Site site) {
  const OpScope scope("load_state_dict", site);
  StateReader reader(state);
  const std::vector<ScheduleField> own = fields();
  std::vector<std::function<void()>> exchanges;
  for (const ScheduleField& field : own)
    exchanges.push_back(std::visit(Exchange{reader, field.name}, field.member));
  reader.check_fits(kind_, "kinds of schedules and options must be those of the one saved");
  const auto exchange = [&] {
    for (const auto& e : exchanges) e();
  };
  exchange();
  try {
    check();
  } catch (...) {
    exchange();
    throw;
  }
}

std::vector<double> Schedule::current_lrs() const {
  std::vector<double> lrs;
  for (const ScheduledGroup& group : optimizer_->scheduled_groups()) lrs.push_back(group.lr);
  return lrs;
}

void Schedule::set_lrs(const std::vector<double>& lrs) {
  for (std::size_t i = 0; i < lrs.size(); ++i)
    if (!(lrs[i] >= 0))
      throw ValueError(
          fmt::format("{}: the learning rate of group {} would be {}; it must be at "
                      "least 0",
                      kind_, i, lrs[i]));
  const std::vector<ScheduledGroup> groups = optimizer_->scheduled_groups();
  last_lr_ = lrs;
  for (std::size_t i = 0; i < lrs.size(); ++i) groups[i].lr = lrs[i];
}

void Schedule::require(bool holds, const char* what, double value, const char* rule) const {
  require(holds, what, holds ? std::string() : fmt::to_string(value), rule);
}
void Schedule::require(bool holds, const char* what, const std::string& value,
                       const char* rule) const {
  if (!holds)
    throw ValueError(fmt::format("{}: {} is {}; it must be {}", kind_, what, value, rule));
}
void Schedule::require_each(const char* what, const std::vector<double>& values) const {
  const std::size_t groups = optimizer_->scheduled_groups().size();
  if (values.size() != groups)
    throw ValueError(
        fmt::format("{}: {} has {} numbers, the optimizer {} parameter groups; give "
                    "one number for all, or one for each",
                    kind_, what, values.size(), groups));
  for (const double value : values) require(value >= 0, what, value, "at least 0");
}

void LRScheduler::step(Site site) {
  const OpScope scope(kind(), site);
  advance();
}

void LRScheduler::start(Site site) {
  const OpScope scope(kind(), site);
  check();
  const std::vector<ScheduledGroup> groups = optimizer().scheduled_groups();
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (!groups[i].initial_lr) groups[i].initial_lr = base_lrs_[i];
  begin();
}

void LRScheduler::restart() {
  set_lrs(base_lrs_);
  begin();
}

std::optional<double> GroupwiseLR::momentum_at(std::int64_t, std::size_t) const { return {}; }

void GroupwiseLR::advance() {
  const std::int64_t epoch = last_epoch_ + 1;
  std::vector<double> lrs = current_lrs();
  for (std::size_t i = 0; i < lrs.size(); ++i) lrs[i] = lr_at(epoch, i, lrs[i]);
  set_lrs(lrs);
  const std::vector<ScheduledGroup> groups = optimizer().scheduled_groups();
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (const std::optional<double> momentum = momentum_at(epoch, i))
      *groups[i].momentum = *momentum;
  last_epoch_ = epoch;
}

void GroupwiseLR::begin() {
  last_epoch_ = -1;
  advance();
}

}  // namespace xgrad::optim
