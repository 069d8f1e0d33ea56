#include <xgrad/optim/lr_warmup.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/optim/lr_cosine.hpp>

namespace xgrad::optim {

using detail::ScheduleField;

ConstantLR::ConstantLR(Optimizer& optimizer, double factor, Count total_iters, Site site)
    : GroupwiseLR("ConstantLR", optimizer), factor_(factor), total_iters_(total_iters) {
  start(site);
}
double ConstantLR::lr_at(std::int64_t epoch, std::size_t, double lr) const {
  if (epoch == 0) return lr * factor_;
  return epoch == total_iters_ ? lr * (1 / factor_) : lr;
}
std::vector<ScheduleField> ConstantLR::fields() {
  std::vector<ScheduleField> all = GroupwiseLR::fields();
  all.push_back({"factor", &factor_});
  all.push_back({"total_iters", &total_iters_});
  return all;
}
void ConstantLR::check() const {
  GroupwiseLR::check();
  require(factor_ > 0 && factor_ <= 1, "factor", factor_, "in (0, 1]");
  require(total_iters_ >= 1, "total_iters", static_cast<double>(total_iters_), "at least 1");
}

LinearLR::LinearLR(Optimizer& optimizer, LinearLROptions options, Site site)
    : GroupwiseLR("LinearLR", optimizer), options_(options) {
  start(site);
}
double LinearLR::lr_at(std::int64_t epoch, std::size_t, double lr) const {
  const auto [first, last, total] = options_;
  if (epoch == 0) return lr * first;
  if (epoch > total) return lr;
  const double rise = last - first;
  const double before = static_cast<double>(total) * first + static_cast<double>(epoch - 1) * rise;
  return lr * (1 + rise / before);
}
std::vector<ScheduleField> LinearLR::fields() {
  std::vector<ScheduleField> all = GroupwiseLR::fields();
  all.push_back({"start_factor", &options_.start_factor});
  all.push_back({"end_factor", &options_.end_factor});
  all.push_back({"total_iters", &options_.total_iters});
  return all;
}
void LinearLR::check() const {
  GroupwiseLR::check();
  const auto [first, last, total] = options_;
  require(first > 0 && first <= 1, "start_factor", first, "in (0, 1]");
  require(last >= 0 && last <= 1, "end_factor", last, "in [0, 1]");
  require(total >= 1, "total_iters", static_cast<double>(total), "at least 1");
}

SequentialLR warmup(Optimizer& optimizer, Count warmup_iters, AnyScheduler then,
                    double start_factor, Site site) {
  const OpScope scope("warmup", site);
  const std::int64_t iters = warmup_iters;
  if (iters < 0)
    throw ValueError(fmt::format("warmup: warmup_iters is {}; it must be at least 0", iters));
  if (iters == 0) return SequentialLR(optimizer, {std::move(then)}, {});
  const LinearLR rise(optimizer, {.start_factor = start_factor, .total_iters = iters});
  return SequentialLR(optimizer, {rise, std::move(then)}, {iters});
}

SequentialLR warmup_cosine(Optimizer& optimizer, Count warmup_iters, Count total_iters,
                           double eta_min, double start_factor, Site site) {
  const OpScope scope("warmup_cosine", site);
  if (total_iters <= warmup_iters)
    throw ValueError(
        fmt::format("warmup_cosine: total_iters is {}, warmup_iters {}; the first must "
                    "be larger",
                    total_iters, warmup_iters));
  const CosineAnnealingLR fall(optimizer, total_iters - warmup_iters, eta_min);
  return warmup(optimizer, warmup_iters, fall, start_factor);
}

}  // namespace xgrad::optim
