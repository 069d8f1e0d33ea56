#include <xgrad/optim/lr_plateau.hpp>

#include <algorithm>
#include <limits>

#include <xgrad/graph/op_scope.hpp>

namespace xgrad::optim {

using detail::ScheduleField;

ReduceLROnPlateau::ReduceLROnPlateau(Optimizer& optimizer, const ReduceLROnPlateauOptions& o,
                                     Site site)
    : Schedule("ReduceLROnPlateau", optimizer),
      mode_(o.mode),
      threshold_mode_(o.threshold_mode),
      factor_(o.factor),
      threshold_(o.threshold),
      eps_(o.eps),
      best_(o.mode == "min" ? std::numeric_limits<double>::infinity()
                            : -std::numeric_limits<double>::infinity()),
      patience_(o.patience),
      cooldown_(o.cooldown),
      min_lrs_(o.min_lr.expand(groups())) {
  const OpScope scope(kind(), site);
  check();
}

void ReduceLROnPlateau::step(double metric, Site site) {
  const OpScope scope(kind(), site);
  ++last_epoch_;
  if (is_better(metric)) {
    best_ = metric;
    num_bad_epochs_ = 0;
  } else {
    ++num_bad_epochs_;
  }
  if (cooldown_counter_ > 0) {
    --cooldown_counter_;
    num_bad_epochs_ = 0;
  }
  if (num_bad_epochs_ > patience_) {
    reduce();
    cooldown_counter_ = cooldown_;
    num_bad_epochs_ = 0;
  }
  last_lr_ = current_lrs();
}

bool ReduceLROnPlateau::is_better(double metric) const {
  const double sign = mode_ == "min" ? -1 : 1;
  const double bound =
      threshold_mode_ == "rel" ? best_ * (1 + sign * threshold_) : best_ + sign * threshold_;
  return sign < 0 ? metric < bound : metric > bound;
}

void ReduceLROnPlateau::reduce() {
  std::vector<double> lrs = current_lrs();
  for (std::size_t i = 0; i < lrs.size(); ++i)
    if (const double lr = std::max(lrs[i] * factor_, min_lrs_[i]); lrs[i] - lr > eps_) lrs[i] = lr;
  set_lrs(lrs);
}

std::vector<ScheduleField> ReduceLROnPlateau::fields() {
  std::vector<ScheduleField> all = Schedule::fields();
  all.push_back({"mode", &mode_});
  all.push_back({"factor", &factor_});
  all.push_back({"patience", &patience_});
  all.push_back({"threshold", &threshold_});
  all.push_back({"threshold_mode", &threshold_mode_});
  all.push_back({"cooldown", &cooldown_});
  all.push_back({"min_lrs", &min_lrs_});
  all.push_back({"eps", &eps_});
  all.push_back({"best", &best_});
  all.push_back({"num_bad_epochs", &num_bad_epochs_});
  all.push_back({"cooldown_counter", &cooldown_counter_});
  return all;
}

void ReduceLROnPlateau::check() const {
  Schedule::check();
  require(mode_ == "min" || mode_ == "max", "mode", mode_, "min or max");
  require(threshold_mode_ == "rel" || threshold_mode_ == "abs", "threshold_mode", threshold_mode_,
          "rel or abs");
  require(factor_ >= 0 && factor_ < 1, "factor", factor_, "in [0, 1)");
  require(patience_ >= 0, "patience", static_cast<double>(patience_), "at least 0");
  require(threshold_ >= 0 && (threshold_ < 1 || threshold_mode_ == "abs"), "threshold", threshold_,
          "at least 0, and below 1 if it is a share");
  require(cooldown_ >= 0, "cooldown", static_cast<double>(cooldown_), "at least 0");
  require_each("min_lr", min_lrs_);
  require(eps_ >= 0, "eps", eps_, "at least 0");
  require(num_bad_epochs_ >= 0, "num_bad_epochs", static_cast<double>(num_bad_epochs_),
          "at least 0");
  require(cooldown_counter_ >= 0, "cooldown_counter", static_cast<double>(cooldown_counter_),
          "at least 0");
}

}  // namespace xgrad::optim
