#include <xgrad/optim/lbfgs.hpp>

#include <algorithm>
#include <cmath>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/reduction.hpp>

#include "flat_parameters.hpp"
#include "lbfgs_history.hpp"
#include "lbfgs_options.hpp"
#include "stepping.hpp"
#include "strong_wolfe.hpp"
#include "vectors.hpp"

namespace xgrad::optim {
namespace {

double largest(const Tensor& x) { return x.numel() == 0 ? 0 : amax(abs(x)).item<double>(); }

// The iterations of a step. Its state becomes the optimizer's when all went well.
class Minimization {
 public:
  Minimization(const LBFGSGroup& group, detail::LBFGSState begun, const Closure& closure, Site site)
      : params_(group.params),
        o_(group.options),
        closure_(closure),
        site_(site),
        state_(std::move(begun)) {}

  Tensor run() {
    const Tensor first = evaluate();
    if (largest(gradient_) <= o_.tolerance_grad) return first;
    for (std::int64_t i = 1; i <= o_.max_iter && iterate(i == o_.max_iter); ++i) continue;
    return first;
  }
  detail::LBFGSState& state() { return state_; }

 private:
  Tensor evaluate() {
    Tensor loss;
    {
      const EnableGrad guard;
      const xgrad::detail::OpScopeGuard outside;
      loss = closure_();
    }
    for (const Tensor& p : params_)
      if (const Tensor g = p.grad(); g.defined()) detail::check_gradient("LBFGS", p, g, site_);
    loss_ = loss.item<double>();
    gradient_ = detail::flat_gradient(params_);
    ++evaluations_;
    ++state_.func_evals;
    return loss;
  }

  // Whether to go on.
  bool iterate(bool last) {
    ++state_.n_iter;
    choose_direction();
    state_.prev_flat_grad = gradient_;
    state_.prev_loss = loss_;
    state_.t =
        state_.n_iter == 1 ? std::min(1.0, 1 / sum(abs(gradient_)).item<double>()) * o_.lr : o_.lr;
    const double slope = detail::dot_of(gradient_, state_.d);
    if (slope > -o_.tolerance_change) return false;
    move(slope, last);
    return !last && evaluations_ < o_.max_eval.value_or(o_.max_iter * 5 / 4) &&
           !(largest(gradient_) <= o_.tolerance_grad) &&
           !(largest(state_.d * state_.t) <= o_.tolerance_change) &&
           !(std::abs(loss_ - state_.prev_loss) < o_.tolerance_change);
  }
  void choose_direction() {
    if (state_.n_iter > 1)
      detail::remember(state_, gradient_ - state_.prev_flat_grad, state_.d * state_.t,
                       o_.history_size);
    state_.d = detail::quasi_newton_direction(state_, gradient_);
  }
  // The gradient of the last place is the next step's to compute, unless the search has it.
  void move(double slope, bool last) {
    const detail::Position from(params_);
    if (o_.line_search_fn) {
      const detail::LinePoint found = detail::strong_wolfe(
          [&](double t) {
            from.move(state_.d, t, site_);
            evaluate();
            return detail::LinePoint{t, loss_, gradient_, detail::dot_of(gradient_, state_.d)};
          },
          {0, loss_, gradient_, slope}, state_.t, largest(state_.d));
      state_.t = found.t, loss_ = found.loss, gradient_ = found.gradient;
    }
    from.move(state_.d, state_.t, site_);
    if (!o_.line_search_fn && !last) evaluate();
  }

  const std::vector<Tensor>& params_;
  const LBFGSOptions o_;
  const Closure& closure_;
  Site site_;
  detail::LBFGSState state_;
  double loss_ = 0;
  Tensor gradient_;
  std::int64_t evaluations_ = 0;
};

}  // namespace

LBFGS::LBFGS(std::vector<Tensor> params, LBFGSOptions options, Site site)
    : groups_{{std::move(params), std::move(options)}} {
  detail::check_lbfgs_options(groups_[0].options, site);
  detail::check_parameters("LBFGS", groups_[0].params, site);
}

Tensor LBFGS::step(const Closure& closure, Site site) {
  const OpScope scope("LBFGS", site);
  detail::check_lbfgs_options(groups_[0].options, site);
  const NoGrad guard;
  const detail::Position start(groups_[0].params);
  Minimization minimization(groups_[0], state_, closure, site);
  try {
    const Tensor loss = minimization.run();
    state_ = std::move(minimization.state());
    return loss;
  } catch (...) {
    start.restore(site);
    throw;
  }
}

void LBFGS::step(Site site) {
  throw GraphError(
      "LBFGS: a step computes the loss several times; give it a function that zeroes the "
      "gradients, computes the loss, calls backward and returns the loss: step(closure)",
      site);
}

void LBFGS::zero_grad() {
  for (Tensor& p : groups_[0].params) p.zero_grad();
}

std::vector<ScheduledGroup> LBFGS::scheduled_groups() {
  return {{groups_[0].options.lr, initial_lr_, nullptr}};
}

}  // namespace xgrad::optim
