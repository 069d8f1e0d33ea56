// optimizer.hpp: what all optimizers have: groups of parameters, steps, and a state that can be
// kept.
#pragma once

#include <string_view>
#include <vector>

#include <xgrad/graph/state_dict.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad::optim {

class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// Updates the parameters that have a gradient, by it. @throws ShapeError if one does not fit.
  virtual void step(Site site = {__builtin_FILE(), __builtin_LINE()}) = 0;
  /// Makes all gradients undefined.
  virtual void zero_grad() = 0;
  /// All that training resumes from, by PyTorch's names: "optimizer", the kind; of each group
  /// "param_groups.0.lr" and the other options, "param_groups.0.num_params"; of each parameter with
  /// steps, numbered through the groups, "state.3.step" (0-d int64) and buffers as
  /// "state.3.exp_avg". The tensors share storage with the optimizer, so later steps change them;
  /// `state_dict().clone()` is a copy to keep.
  virtual StateDict state_dict() const = 0;
  /// Resumes from a state, which is copied: later steps take the same bits as those of the
  /// optimizer that gave it.
  /// @throws ValueError  for another kind of optimizer or other groups, else with all entries that
  ///         are missing, unexpected, or of another type, shape or dtype, else for an option out of
  ///         its range. Nothing has been changed then.
  virtual void load_state_dict(const StateDict& state,
                               Site site = {__builtin_FILE(), __builtin_LINE()}) = 0;
};

/// Parameters with options of their own.
template <class Options>
struct ParamGroup {
  std::vector<Tensor> params;
  Options options = {};
};

namespace detail {
/// What an optimizer keeps for a parameter.
struct ParameterState {
  Tensor step;                  // how many it has seen: 0-d int64; undefined until the first
  std::vector<Tensor> buffers;  // in the order of the method's names; undefined until needed
};
}  // namespace detail

/// An optimizer whose groups have these options. The options' header says what a step does.
///
/// A parameter without a gradient is passed over. A step is one pass over memory per parameter,
/// clipping included; in it numbers below the smallest normal one (1.2e-38 in float32) count as 0.
template <class Options>
class OptimizerOf : public Optimizer {
 public:
  /// @throws ValueError  for options out of range, no parameters, one that comes twice;
  ///         GraphError  for one that is no leaf of a float type.
  explicit OptimizerOf(std::vector<Tensor> params, Options options = {},
                       Site site = {__builtin_FILE(), __builtin_LINE()});
  explicit OptimizerOf(std::vector<ParamGroup<Options>> groups,
                       Site site = {__builtin_FILE(), __builtin_LINE()});

  void step(Site site = {__builtin_FILE(), __builtin_LINE()}) override;
  void zero_grad() override;
  StateDict state_dict() const override;
  void load_state_dict(const StateDict& state,
                       Site site = {__builtin_FILE(), __builtin_LINE()}) override;

  /// The groups; their options may be changed between steps.
  std::vector<ParamGroup<Options>>& groups() noexcept { return groups_; }
  const std::vector<ParamGroup<Options>>& groups() const noexcept { return groups_; }
  /// A buffer of a parameter, or "step", by PyTorch's name; undefined before the step that makes
  /// it.
  Tensor state(const Tensor& parameter, std::string_view name) const;

 private:
  std::vector<ParamGroup<Options>> groups_;
  std::vector<std::vector<detail::ParameterState>> states_;  // as groups_[i].params
};

}  // namespace xgrad::optim
