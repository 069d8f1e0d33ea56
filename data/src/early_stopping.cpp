#include <xgrad/data/early_stopping.hpp>

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/state_reader.hpp>

namespace xgrad::data {

EarlyStopping::EarlyStopping(EarlyStoppingOptions options, Site site)
    : options_(options), best_(std::numeric_limits<double>::quiet_NaN()) {
  if (options.patience < 1 || !(options.min_delta >= 0) || !std::isfinite(options.min_delta))
    throw ValueError(
        fmt::format("EarlyStopping: patience is {} and min_delta is {}; patience must be at least "
                    "1 and min_delta finite and at least 0",
                    options.patience, options.min_delta),
        site);
  if (options.mode != "min" && options.mode != "max")
    throw ValueError(
        fmt::format("EarlyStopping: mode is \"{}\"; it must be \"min\" or \"max\"", options.mode),
        site);
}

bool EarlyStopping::is_better(double value) const noexcept {
  if (std::isnan(value)) return false;
  if (std::isnan(best_)) return true;
  return options_.mode == "min" ? value < best_ - options_.min_delta
                                : value > best_ + options_.min_delta;
}

bool EarlyStopping::step(double value, const StateDict& state) {
  if (options_.check_finite && !std::isfinite(value)) {
    stopped_ = true;
  } else if (is_better(value)) {
    best_state_ = state.clone();
    best_ = value;
    best_step_ = steps_;
    waited_ = 0;
    stopped_ = false;
  } else {
    stopped_ = ++waited_ >= options_.patience;
  }
  ++steps_;
  return stopped_;
}

StateDict EarlyStopping::state_dict() const {
  StateDict state{{"best", best_},
                  {"best_step", best_step_},
                  {"steps", steps_},
                  {"waited", waited_},
                  {"stopped", stopped_}};
  state.set_below("best_state", best_state_.clone());
  return state;
}

void EarlyStopping::load_state_dict(const StateDict& state, Site site) {
  const OpScope scope("load_state_dict", site);
  StateDict own = state;
  StateDict best_state = state.below("best_state");
  for (const auto& entry : best_state) own.erase("best_state." + entry.name);
  EarlyStopping loaded(options_, site);
  xgrad::detail::StateReader from(own);
  from.read("best", loaded.best_);
  from.read("best_step", loaded.best_step_);
  from.read("steps", loaded.steps_);
  from.read("waited", loaded.waited_);
  from.read("stopped", loaded.stopped_);
  if (loaded.best_step_ < -1 || loaded.best_step_ >= std::max<std::int64_t>(loaded.steps_, 0) ||
      loaded.waited_ < 0 || loaded.waited_ > loaded.steps_)
    from.refuse("steps", "counts of at least 0, with best_step and waited below it",
                fmt::format("{}, {} and {}", loaded.steps_, loaded.best_step_, loaded.waited_));
  from.check_fits("EarlyStopping", "names and types must be the same");
  loaded.best_state_ = best_state.clone();
  *this = std::move(loaded);
}

}  // namespace xgrad::data
