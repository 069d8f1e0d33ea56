#include <xgrad/optim/lr_sequence.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

namespace xgrad::optim {

namespace {

using detail::ScheduleField;

void check_optimizer(const char* kind, const std::vector<AnyScheduler>& schedulers,
                     const Optimizer& optimizer, Site site) {
  for (std::size_t i = 0; i < schedulers.size(); ++i)
    if (&schedulers[i]->optimizer() != &optimizer)
      throw ValueError(
          fmt::format("{}: scheduler {} is for another optimizer; all must be for one", kind, i),
          site);
}

Optimizer& optimizer_of(const std::vector<AnyScheduler>& schedulers, Site site) {
  if (schedulers.empty()) throw ValueError("ChainedScheduler: there are no schedulers", site);
  return schedulers[0]->optimizer();
}

void add_fields(std::vector<ScheduleField>& to, std::size_t i, std::vector<ScheduleField> fields) {
  for (ScheduleField& field : fields)
    to.push_back({fmt::format("_schedulers.{}.{}", i, field.name), field.member});
}

}  // namespace

SequentialLR::SequentialLR(Optimizer& optimizer, std::vector<AnyScheduler> schedulers,
                           std::vector<std::int64_t> milestones, Site site)
    : LRScheduler("SequentialLR", optimizer),
      schedulers_(std::move(schedulers)),
      milestones_(std::move(milestones)) {
  const OpScope scope(kind(), site);
  check_optimizer(kind(), schedulers_, optimizer, site);
  check();
  set_lrs(base_lrs_);
  start(site);
}
void SequentialLR::advance() {
  ++last_epoch_;
  const auto next = std::upper_bound(milestones_.begin(), milestones_.end(), last_epoch_);
  const AnyScheduler& now = schedulers_[static_cast<std::size_t>(next - milestones_.begin())];
  if (next != milestones_.begin() && next[-1] == last_epoch_)
    now.restart();
  else
    now.advance();
  last_lr_ = now->get_last_lr();
}
void SequentialLR::begin() {
  last_epoch_ = 0;
  schedulers_[0].begin();
  last_lr_ = schedulers_[0]->get_last_lr();
}
void SequentialLR::restart() {
  last_epoch_ = 0;
  schedulers_[0].restart();
  last_lr_ = schedulers_[0]->get_last_lr();
}
std::vector<ScheduleField> SequentialLR::fields() {
  std::vector<ScheduleField> all = LRScheduler::fields();
  all.push_back({"_milestones", &milestones_});
  for (std::size_t i = 0; i < schedulers_.size(); ++i) add_fields(all, i, schedulers_[i].fields());
  return all;
}
void SequentialLR::check() const {
  LRScheduler::check();
  if (schedulers_.size() != milestones_.size() + 1)
    throw ValueError(
        fmt::format("SequentialLR: there are {} schedulers and {} milestones; there "
                    "must be one milestone less",
                    schedulers_.size(), milestones_.size()));
  std::int64_t last = 1;
  for (const std::int64_t m : milestones_) {
    require(m >= last, "a milestone", static_cast<double>(m),
            "at least 1, and not below the one before");
    last = m;
  }
  for (const AnyScheduler& scheduler : schedulers_) scheduler.check();
}

ChainedScheduler::ChainedScheduler(std::vector<AnyScheduler> schedulers, Site site)
    : LRScheduler("ChainedScheduler", optimizer_of(schedulers, site)),
      schedulers_(std::move(schedulers)) {
  check_optimizer(kind(), schedulers_, optimizer(), site);
}
void ChainedScheduler::advance() {
  for (const AnyScheduler& scheduler : schedulers_) scheduler.advance();
  last_lr_ = current_lrs();
  ++last_epoch_;
}
void ChainedScheduler::begin() {
  for (const AnyScheduler& scheduler : schedulers_) scheduler.begin();
  last_lr_ = current_lrs();
  last_epoch_ = 0;
}
std::vector<ScheduleField> ChainedScheduler::fields() {
  std::vector<ScheduleField> all = LRScheduler::fields();
  for (std::size_t i = 0; i < schedulers_.size(); ++i) add_fields(all, i, schedulers_[i].fields());
  return all;
}
void ChainedScheduler::check() const {
  LRScheduler::check();
  for (const AnyScheduler& scheduler : schedulers_) scheduler.check();
}

}  // namespace xgrad::optim
