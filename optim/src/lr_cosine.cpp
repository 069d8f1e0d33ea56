#include <xgrad/optim/lr_cosine.hpp>

#include <cmath>
#include <numbers>

#include <xgrad/graph/op_scope.hpp>

namespace xgrad::optim {

namespace {

using detail::ScheduleField;

// From 2 to 0 as the share goes from 0 to 1.
double one_plus_cosine(double share) { return 1 + std::cos(std::numbers::pi * share); }

}  // namespace

CosineAnnealingLR::CosineAnnealingLR(Optimizer& optimizer, Count T_max, double eta_min, Site site)
    : GroupwiseLR("CosineAnnealingLR", optimizer), T_max_(T_max), eta_min_(eta_min) {
  start(site);
}
double CosineAnnealingLR::lr_at(std::int64_t epoch, std::size_t group, double lr) const {
  if (epoch == 0) return lr;
  const auto t = static_cast<double>(epoch), total = static_cast<double>(T_max_);
  // The factor from the epoch before is 0 / 0 right after the minimum.
  if (std::fmod(t - 1 - total, 2 * total) == 0)
    return lr + (base_lrs_[group] - eta_min_) * (1 - std::cos(std::numbers::pi / total)) / 2;
  return one_plus_cosine(t / total) / one_plus_cosine((t - 1) / total) * (lr - eta_min_) + eta_min_;
}
std::vector<ScheduleField> CosineAnnealingLR::fields() {
  std::vector<ScheduleField> all = GroupwiseLR::fields();
  all.push_back({"T_max", &T_max_});
  all.push_back({"eta_min", &eta_min_});
  return all;
}
void CosineAnnealingLR::check() const {
  GroupwiseLR::check();
  require(T_max_ >= 1, "T_max", static_cast<double>(T_max_), "at least 1");
  require(eta_min_ >= 0, "eta_min", eta_min_, "at least 0");
}

CosineAnnealingWarmRestarts::CosineAnnealingWarmRestarts(Optimizer& optimizer, Count T_0,
                                                         Count T_mult, double eta_min, Site site)
    : GroupwiseLR("CosineAnnealingWarmRestarts", optimizer),
      T_0_(T_0),
      T_mult_(T_mult),
      eta_min_(eta_min),
      T_i_(static_cast<double>(T_0_)) {
  start(site);
}
double CosineAnnealingWarmRestarts::lr_at(std::int64_t, std::size_t group, double) const {
  return eta_min_ + (base_lrs_[group] - eta_min_) * one_plus_cosine(T_cur_ / T_i_) / 2;
}
void CosineAnnealingWarmRestarts::advance() {
  if (last_epoch_ >= 0 && ++T_cur_ >= T_i_) {
    T_cur_ -= T_i_;
    T_i_ *= static_cast<double>(T_mult_);
  }
  GroupwiseLR::advance();
}
void CosineAnnealingWarmRestarts::begin() {
  T_cur_ = 0;
  T_i_ = static_cast<double>(T_0_);
  GroupwiseLR::begin();
}
void CosineAnnealingWarmRestarts::step(double epoch, Site site) {
  const OpScope scope(kind(), site);
  constexpr double most = 1LL << 53;  // beyond, doubles skip epochs
  require(epoch >= 0 && epoch <= most, "epoch", epoch, "in [0, 2^53]");
  T_cur_ = epoch;
  T_i_ = static_cast<double>(T_0_);
  if (T_mult_ == 1) T_cur_ = std::fmod(epoch, T_i_);
  for (; T_cur_ >= T_i_; T_i_ *= static_cast<double>(T_mult_)) T_cur_ -= T_i_;
  last_epoch_ = static_cast<std::int64_t>(epoch) - 1;
  GroupwiseLR::advance();
}
std::vector<ScheduleField> CosineAnnealingWarmRestarts::fields() {
  std::vector<ScheduleField> all = GroupwiseLR::fields();
  all.push_back({"T_0", &T_0_});
  all.push_back({"T_mult", &T_mult_});
  all.push_back({"eta_min", &eta_min_});
  all.push_back({"T_cur", &T_cur_});
  all.push_back({"T_i", &T_i_});
  return all;
}
void CosineAnnealingWarmRestarts::check() const {
  GroupwiseLR::check();
  require(T_0_ >= 1, "T_0", static_cast<double>(T_0_), "at least 1");
  require(T_mult_ >= 1, "T_mult", static_cast<double>(T_mult_), "at least 1");
  require(eta_min_ >= 0, "eta_min", eta_min_, "at least 0");
  require(T_i_ >= 1, "T_i", T_i_, "at least 1");
  require(T_cur_ >= 0 && T_cur_ < T_i_, "T_cur", T_cur_, "in [0, T_i)");
}

}  // namespace xgrad::optim
