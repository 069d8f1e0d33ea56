#include <xgrad/optim/lr_swa.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace xgrad::optim {

using detail::ScheduleField;

SWALR::SWALR(Optimizer& optimizer, const PerGroup& swa_lr, const SWALROptions& o, Site site)
    : GroupwiseLR("SWALR", optimizer),
      swa_lrs_(swa_lr.expand(groups())),
      anneal_epochs_(o.anneal_epochs),
      anneal_strategy_(o.anneal_strategy) {
  start(site);
}

// Of the way from the rate at the beginning to swa_lr.
double SWALR::share_at(std::int64_t epoch) const {
  const auto total = static_cast<double>(std::max<std::int64_t>(1, anneal_epochs_));
  const double t = std::clamp(static_cast<double>(epoch) / total, 0.0, 1.0);
  return anneal_strategy_ == "linear" ? t : (1 - std::cos(std::numbers::pi * t)) / 2;
}

double SWALR::lr_at(std::int64_t epoch, std::size_t group, double lr) const {
  if (anneal_epochs_ == 0) epoch = std::max<std::int64_t>(1, epoch);
  const double before = share_at(epoch - 1), share = share_at(epoch), swa_lr = swa_lrs_[group];
  const double first = before == 1 ? swa_lr : (lr - before * swa_lr) / (1 - before);
  return swa_lr * share + first * (1 - share);
}

std::vector<ScheduleField> SWALR::fields() {
  std::vector<ScheduleField> all = GroupwiseLR::fields();
  all.push_back({"swa_lrs", &swa_lrs_});
  all.push_back({"anneal_epochs", &anneal_epochs_});
  all.push_back({"anneal_strategy", &anneal_strategy_});
  return all;
}

void SWALR::check() const {
  GroupwiseLR::check();
  require_each("swa_lr", swa_lrs_);
  require(anneal_epochs_ >= 0, "anneal_epochs", static_cast<double>(anneal_epochs_), "at least 0");
  require(anneal_strategy_ == "cos" || anneal_strategy_ == "linear", "anneal_strategy",
          anneal_strategy_, "cos or linear");
}

}  // namespace xgrad::optim
