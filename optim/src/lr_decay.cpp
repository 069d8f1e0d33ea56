#include <xgrad/optim/lr_decay.hpp>

#include <algorithm>
#include <cmath>

namespace xgrad::optim {

using detail::ScheduleField;

StepLR::StepLR(Optimizer& optimizer, Count step_size, double gamma, Site site)
    : GroupwiseLR("StepLR", optimizer), step_size_(step_size), gamma_(gamma) {
  start(site);
}
double StepLR::lr_at(std::int64_t epoch, std::size_t, double lr) const {
  return epoch == 0 || epoch % step_size_ != 0 ? lr : lr * gamma_;
}
std::vector<ScheduleField> StepLR::fields() {
  std::vector<ScheduleField> all = GroupwiseLR::fields();
  all.push_back({"step_size", &step_size_});
  all.push_back({"gamma", &gamma_});
  return all;
}
void StepLR::check() const {
  GroupwiseLR::check();
  require(step_size_ >= 1, "step_size", static_cast<double>(step_size_), "at least 1");
  require(gamma_ >= 0, "gamma", gamma_, "at least 0");
}

MultiStepLR::MultiStepLR(Optimizer& optimizer, std::vector<std::int64_t> milestones, double gamma,
                         Site site)
    : GroupwiseLR("MultiStepLR", optimizer), milestones_(std::move(milestones)), gamma_(gamma) {
  start(site);
}
double MultiStepLR::lr_at(std::int64_t epoch, std::size_t, double lr) const {
  const auto times = std::count(milestones_.begin(), milestones_.end(), epoch);
  return times == 0 ? lr : lr * std::pow(gamma_, static_cast<double>(times));
}
std::vector<ScheduleField> MultiStepLR::fields() {
  std::vector<ScheduleField> all = GroupwiseLR::fields();
  all.push_back({"milestones", &milestones_});
  all.push_back({"gamma", &gamma_});
  return all;
}
void MultiStepLR::check() const {
  GroupwiseLR::check();
  for (const std::int64_t m : milestones_)
    require(m >= 0, "a milestone", static_cast<double>(m), "at least 0");
  require(gamma_ >= 0, "gamma", gamma_, "at least 0");
}

ExponentialLR::ExponentialLR(Optimizer& optimizer, double gamma, Site site)
    : GroupwiseLR("ExponentialLR", optimizer), gamma_(gamma) {
  start(site);
}
double ExponentialLR::lr_at(std::int64_t epoch, std::size_t, double lr) const {
  return epoch == 0 ? lr : lr * gamma_;
}
std::vector<ScheduleField> ExponentialLR::fields() {
  std::vector<ScheduleField> all = GroupwiseLR::fields();
  all.push_back({"gamma", &gamma_});
  return all;
}
void ExponentialLR::check() const {
  GroupwiseLR::check();
  require(gamma_ >= 0, "gamma", gamma_, "at least 0");
}

PolynomialLR::PolynomialLR(Optimizer& optimizer, Count total_iters, double power, Site site)
    : GroupwiseLR("PolynomialLR", optimizer), total_iters_(total_iters), power_(power) {
  start(site);
}
double PolynomialLR::lr_at(std::int64_t epoch, std::size_t, double lr) const {
  if (epoch == 0 || epoch > total_iters_) return lr;
  const auto t = static_cast<double>(epoch), total = static_cast<double>(total_iters_);
  return lr * std::pow((1 - t / total) / (1 - (t - 1) / total), power_);
}
std::vector<ScheduleField> PolynomialLR::fields() {
  std::vector<ScheduleField> all = GroupwiseLR::fields();
  all.push_back({"total_iters", &total_iters_});
  all.push_back({"power", &power_});
  return all;
}
void PolynomialLR::check() const {
  GroupwiseLR::check();
  require(total_iters_ >= 1, "total_iters", static_cast<double>(total_iters_), "at least 1");
  require(power_ >= 0, "power", power_, "at least 0");
}

}  // namespace xgrad::optim
