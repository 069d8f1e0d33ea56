// optimizer.hpp: what all optimizers have: groups of parameters, steps, and a state that can be
// kept.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::optim {

/// A copy of everything that an optimizer goes on from: options by name (true is 1), and for each
/// parameter, counted through the groups, how many steps it has seen and its buffers by name.
struct OptimizerState {
  struct Group {
    std::map<std::string, double> options;
    std::vector<std::size_t> params;
  };
  struct Parameter {
    std::int64_t step = 0;
    std::map<std::string, Tensor> buffers;
  };
  std::vector<Group> groups;
  std::vector<Parameter> state;
};

class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// Updates the parameters that have a gradient, by it. @throws ShapeError if one does not fit.
  virtual void step(Site site = {__builtin_FILE(), __builtin_LINE()}) = 0;
  /// Makes all gradients undefined.
  virtual void zero_grad() = 0;
  virtual OptimizerState state_dict() const = 0;
  /// Goes on from a state. @throws ValueError, with nothing changed, unless it has these groups,
  /// options in their ranges, and parameters with steps that have been made.
  virtual void load_state_dict(const OptimizerState& state,
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
  std::int64_t step = 0;
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
  OptimizerState state_dict() const override;
  void load_state_dict(const OptimizerState& state,
                       Site site = {__builtin_FILE(), __builtin_LINE()}) override;

  /// The groups; their options may be changed between steps.
  std::vector<ParamGroup<Options>>& groups() noexcept { return groups_; }
  const std::vector<ParamGroup<Options>>& groups() const noexcept { return groups_; }
  /// A buffer of a parameter, by PyTorch's name; undefined before the step that makes it.
  Tensor state(const Tensor& parameter, std::string_view buffer) const;

 private:
  std::vector<ParamGroup<Options>> groups_;
  std::vector<std::vector<detail::ParameterState>> states_;  // as groups_[i].params
};

}  // namespace xgrad::optim
