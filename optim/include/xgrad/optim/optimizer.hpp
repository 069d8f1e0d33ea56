// optimizer.hpp: Optimizer, the base class of all optimizers, with parameter groups, steps, and a
// state that can be saved and loaded.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/graph/state_dict.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad::optim {

/// What a step does if a gradient has NaN or infinities.
enum class NonFinite {
  ignore,  ///< Steps by it.
  throw_,  ///< Throws an AnomalyError that names the parameter. Nothing has been changed then.
  skip,    ///< Changes nothing, and counts the step: see OptimizerOf::skipped_steps.
};

/// What learning rate schedules read and change in a parameter group of any optimizer.
struct ScheduledGroup {
  double& lr;
  std::optional<double>& initial_lr;  ///< The rate before the first schedule, which notes it.
  double* momentum;                   ///< Or the first beta; null if the method has neither.
};

/// A function that computes the loss and its gradients, and returns the loss.
using Closure = std::function<Tensor()>;

/// The base class of optimizers.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// Updates every parameter that has a gradient. @throws ShapeError if the shape or dtype of a
  /// gradient is not that of its parameter.
  virtual void step(Site site = {__builtin_FILE(), __builtin_LINE()}) = 0;
  /// Calls the closure, with grad mode on, then steps by the gradients that it has left.
  /// @return  the loss that the closure returned.
  virtual Tensor step(const Closure& closure, Site site = {__builtin_FILE(), __builtin_LINE()});
  /// Makes the gradients of all parameters undefined.
  virtual void zero_grad() = 0;
  /// The parameters of all groups, in order.
  virtual std::vector<Tensor> parameters() const = 0;
  /// The state from which training can resume, with PyTorch's names:
  /// - "optimizer": the name of the optimizer.
  /// - For each group, its options, such as "param_groups.0.lr", and "param_groups.0.num_params";
  ///   with a schedule, "param_groups.0.initial_lr".
  /// - For each parameter that has been stepped, "state.3.step" (0-d int64) and its buffers, such
  ///   as "state.3.exp_avg". Parameters are numbered through all groups.
  ///
  /// The tensors share storage with the optimizer, so later steps change them.
  /// `state_dict().clone()` makes a copy to keep.
  virtual StateDict state_dict() const = 0;
  /// Loads a copy of a state. Later steps give the same bits as those of the optimizer that saved
  /// the state.
  /// @throws ValueError  if the state is that of another optimizer or of other groups; if entries
  ///                     are missing, unexpected, or of another type, shape or dtype, in which case
  ///                     the message lists all of them; if an option is out of range. Nothing has
  ///                     been changed then.
  virtual void load_state_dict(const StateDict& state,
                               Site site = {__builtin_FILE(), __builtin_LINE()}) = 0;
  /// The groups as schedules see them; valid as long as the groups are the same.
  virtual std::vector<ScheduledGroup> scheduled_groups() = 0;
};

/// Parameters and the options for them.
template <class Options>
struct ParamGroup {
  std::vector<Tensor> params;
  Options options = {};
};

namespace detail {
/// The state that an optimizer keeps for a parameter.
struct ParameterState {
  Tensor step;                  // the number of steps, 0-d int64; undefined before the first step
  std::vector<Tensor> buffers;  // in the order of Method::buffers; undefined until needed
  std::vector<Tensor> numbers;  // as Method::numbers, 0-d float64; undefined before the first step
};

/// The steps that NonFinite::skip has skipped.
struct SkippedSteps {
  std::int64_t count = 0;
  std::string last;  // which gradients were not finite
};

/// A learning rate on its own. `{}` is none, so that it stays empty options.
template <class N>
concept BareRate = std::is_arithmetic_v<N> && !std::same_as<N, bool>;
}  // namespace detail

/// An optimizer with the options `Options`. The header of the options documents the update rule.
///
/// Parameters without a gradient are skipped. A step makes one pass over the memory of each
/// parameter, including clipping. It flushes denormal numbers (below 1.2e-38 in float32) to zero.
template <class Options>
class OptimizerOf : public Optimizer {
 public:
  /// @throws ValueError  if an option is out of range, there are no parameters, or a parameter
  ///                     appears twice.
  /// @throws GraphError  if a parameter is not a leaf of dtype float32 or float64.
  explicit OptimizerOf(std::vector<Tensor> params, Options options = {},
                       Site site = {__builtin_FILE(), __builtin_LINE()});
  explicit OptimizerOf(std::vector<ParamGroup<Options>> groups,
                       Site site = {__builtin_FILE(), __builtin_LINE()});
  /// The same as `{.lr = lr}`.
  template <detail::BareRate N>
  OptimizerOf(std::vector<Tensor> params, N lr, Site site = {__builtin_FILE(), __builtin_LINE()})
      : OptimizerOf(std::move(params), Options{.lr = static_cast<double>(lr)}, site) {}

  using Optimizer::step;
  void step(Site site = {__builtin_FILE(), __builtin_LINE()}) override;
  void zero_grad() override;
  std::vector<Tensor> parameters() const override;
  StateDict state_dict() const override;
  void load_state_dict(const StateDict& state,
                       Site site = {__builtin_FILE(), __builtin_LINE()}) override;
  std::vector<ScheduledGroup> scheduled_groups() override;

  /// The parameter groups. Their options may be changed between steps.
  std::vector<ParamGroup<Options>>& groups() noexcept { return groups_; }
  const std::vector<ParamGroup<Options>>& groups() const noexcept { return groups_; }
  /// What is kept for a parameter under PyTorch's name: a buffer, a number, or its "step".
  /// Undefined before the step that creates it.
  Tensor state(const Tensor& parameter, std::string_view name) const;
  /// The number of steps that `.nonfinite = NonFinite::skip` has skipped.
  std::int64_t skipped_steps() const noexcept { return skipped_.count; }
  /// Which gradients were not finite at the last skipped step; empty before the first.
  const std::string& last_skipped() const noexcept { return skipped_.last; }

 private:
  std::vector<ParamGroup<Options>> groups_;
  std::vector<std::optional<double>> initial_lrs_;           // [i]: of groups_[i]
  std::vector<std::vector<detail::ParameterState>> states_;  // [i][k]: of groups_[i].params[k]
  detail::SkippedSteps skipped_;
};

}  // namespace xgrad::optim
