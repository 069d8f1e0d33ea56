// lbfgs.hpp: quasi-Newton steps, by the last few gradients.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// Fields as PyTorch's.
struct LBFGSOptions {
  double lr = 1;
  std::int64_t max_iter = 20;  ///< Iterations of a step.
  std::optional<std::int64_t> max_eval =
      {};                           ///< Calls of the closure; max_iter * 5 / 4 by default.
  double tolerance_grad = 1e-7;     ///< On the largest element of the gradient.
  double tolerance_change = 1e-9;   ///< On changes of the loss and of a parameter.
  std::int64_t history_size = 100;  ///< Two vectors like all parameters for each.
  std::optional<std::string> line_search_fn = {};  ///< "strong_wolfe", or none: steps of lr.
};
using LBFGSGroup = ParamGroup<LBFGSOptions>;

namespace detail {
/// What LBFGS keeps, by PyTorch's names. Vectors are of all parameters, one after the other.
struct LBFGSState {
  std::int64_t func_evals = 0, n_iter = 0;  // of all steps
  Tensor d;                                 // the last direction, and how far along it
  double t = 0;
  Tensor prev_flat_grad;
  double prev_loss = 0;
  std::vector<Tensor> old_dirs, old_stps;  // changes of the gradient and of the parameters
  std::vector<double> ro;                  // 1 / their products
  double H_diag = 1;
};
}  // namespace detail

/// Minimizes a function of few parameters, whose gradient has no noise: the whole data, not
/// batches. By Nocedal (1980), with the line search of Nocedal and Wright (2006, algorithm 3.5) in
/// Schmidt's form:
///
///     optim::LBFGS optimizer({x}, {.line_search_fn = "strong_wolfe"});
///     optimizer.step([&] {
///       optimizer.zero_grad();
///       const Tensor loss = f(x);
///       loss.backward();
///       return loss;
///     });
///
/// A step is up to max_iter iterations: d = -H grad, where H estimates the inverse Hessian from
/// history_size changes of the gradient, then p += t d, with t by the line search or lr. A step
/// ends early at max_eval calls of the closure and within the tolerances. If the closure throws,
/// the parameters are as before the step. Parameters without a gradient count as constant.
///
/// There is one group. Clipping would contradict the line search, so there is none.
class LBFGS : public Optimizer {
 public:
  /// @throws ValueError  for options out of range, no parameters, one that comes twice;
  ///         GraphError  for one that is no leaf of a float type.
  explicit LBFGS(std::vector<Tensor> params, LBFGSOptions options = {},
                 Site site = {__builtin_FILE(), __builtin_LINE()});
  /// The same as `{.lr = lr}`.
  template <detail::BareRate N>
  LBFGS(std::vector<Tensor> params, N lr, Site site = {__builtin_FILE(), __builtin_LINE()})
      : LBFGS(std::move(params), LBFGSOptions{.lr = static_cast<double>(lr)}, site) {}

  /// @param closure  zeroes the gradients, computes the loss and its gradients, returns the loss.
  /// @return  the loss before the step.
  Tensor step(const Closure& closure, Site site = {__builtin_FILE(), __builtin_LINE()}) override;
  /// @throws GraphError  always: steps need a closure.
  void step(Site site = {__builtin_FILE(), __builtin_LINE()}) override;
  void zero_grad() override;
  std::vector<Tensor> parameters() const override { return groups_[0].params; }
  /// As other optimizers', with "state.0." before what is kept: "func_evals", "n_iter", "d", "t",
  /// "prev_flat_grad", "prev_loss", "H_diag", "old_dirs.0", "old_stps.0", "ro.0", ...
  StateDict state_dict() const override;
  void load_state_dict(const StateDict& state,
                       Site site = {__builtin_FILE(), __builtin_LINE()}) override;
  std::vector<ScheduledGroup> scheduled_groups() override;

  /// The one group; its options may be changed between steps.
  std::vector<LBFGSGroup>& groups() noexcept { return groups_; }
  const std::vector<LBFGSGroup>& groups() const noexcept { return groups_; }

 private:
  std::vector<LBFGSGroup> groups_;
  std::optional<double> initial_lr_;
  detail::LBFGSState state_;
};

}  // namespace xgrad::optim
