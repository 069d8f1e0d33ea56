// early_stopping.hpp: when training no longer helps.
#pragma once

#include <string>

#include <xgrad/graph/state_dict.hpp>

namespace xgrad::data {

struct EarlyStoppingOptions {
  double min_delta = 0;       ///< how much better than the best a value must be to count
  std::int64_t patience = 3;  ///< values in a row that do not count, at which to stop
  std::string mode = "min";   ///< whether smaller ("min") or larger ("max") values are better
  bool check_finite = true;   ///< stop at a value that is NaN or infinite
};

/// Watches a value, such as the validation loss, and keeps the state that was best:
///
///     data::EarlyStopping stopping({.patience = 5});
///     for (int epoch = 0; epoch < 100; ++epoch) {
///       ...
///       if (stopping.step(validation_loss, model.state_dict())) break;
///     }
///     model.load_state_dict(stopping.best_state());
///
/// The options are those of PyTorch Lightning's EarlyStopping. NaN is never better.
class EarlyStopping {
 public:
  /// @throws ValueError  for a patience below 1, a min_delta that is negative or not finite, or
  ///                     another mode.
  explicit EarlyStopping(EarlyStoppingOptions options = {},
                         Site site = {__builtin_FILE(), __builtin_LINE()});

  /// Looks at the next value, and clones the state if the value is the best so far.
  /// @return  whether to stop.
  bool step(double value, const StateDict& state = {});

  /// Whether to stop, as `step` returned last.
  bool stopped() const noexcept { return stopped_; }
  /// The best value; NaN before the first that is better than none.
  double best() const noexcept { return best_; }
  /// Which step it was, from 0 on; -1 for none.
  std::int64_t best_step() const noexcept { return best_step_; }
  /// Steps so far.
  std::int64_t steps() const noexcept { return steps_; }
  /// A copy of the state of the best step; empty if none was given.
  const StateDict& best_state() const noexcept { return best_state_; }

  /// All that it knows, to resume from; the best state is below "best_state".
  StateDict state_dict() const;
  /// @throws ValueError  for a state that does not fit; nothing is changed then.
  void load_state_dict(const StateDict& state, Site site = {__builtin_FILE(), __builtin_LINE()});

 private:
  bool is_better(double value) const noexcept;

  EarlyStoppingOptions options_;
  double best_;
  std::int64_t best_step_ = -1, steps_ = 0, waited_ = 0;
  bool stopped_ = false;
  StateDict best_state_;
};

}  // namespace xgrad::data
