// lr_cyclic.hpp: learning rates that go up and down again and again, and the momentum the other
// way.
#pragma once

#include <functional>

#include <xgrad/optim/lr_scheduler.hpp>

namespace xgrad::optim {

struct CyclicLROptions {
  std::int64_t step_size_up = 2000;
  std::optional<std::int64_t> step_size_down = {};  ///< none: as step_size_up
  std::string mode = "triangular";                  ///< triangular, triangular2 or exp_range
  double gamma = 1;                                 ///< of exp_range
  /// Scales the amplitude instead of `mode`; it is not part of the state.
  std::function<double(double)> scale_fn = {};
  std::string scale_mode = "cycle";  ///< scale_fn takes the cycle, from 1, or the "iterations"
  bool cycle_momentum = true;
  PerGroup base_momentum = 0.8;
  PerGroup max_momentum = 0.9;
};

/// From base_lr to max_lr on a line over step_size_up steps, and back over step_size_down. The
/// amplitude stays ("triangular"), halves with each cycle ("triangular2"), or is multiplied by
/// gamma every step ("exp_range"). The momentum, or Adam's first beta, goes from max_momentum to
/// base_momentum and back.
///
/// @throws ValueError  for numbers out of range, an unknown mode, lists that are not as long as
///         there are groups, and cycle_momentum for a method that has neither momentum nor betas.
/// @see  Smith, WACV 2017.
class CyclicLR : public GroupwiseLR {
 public:
  CyclicLR(Optimizer& optimizer, const PerGroup& base_lr, const PerGroup& max_lr,
           const CyclicLROptions& options = {}, Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  std::optional<double> momentum_at(std::int64_t epoch, std::size_t group) const override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  double height_at(std::int64_t epoch) const;

  std::vector<double> max_lrs_, base_momentums_, max_momentums_;
  std::int64_t step_size_up_, step_size_down_;
  std::string mode_, scale_mode_;
  double gamma_;
  std::function<double(double)> scale_fn_;
  bool cycle_momentum_;
};

}  // namespace xgrad::optim
