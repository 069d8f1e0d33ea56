// moments.hpp: what methods with running means of the gradient share: their betas, and where their
// weight decay goes.
#pragma once

#include "method.hpp"

namespace xgrad::optim::detail {

template <class Options, class Refuse>
void check_moments(const Options& o, Refuse refuse) {
  if constexpr (requires { o.eps; })
    if (!(o.eps >= 0)) refuse("eps", o.eps, "at least 0");
  for (const double beta : {o.betas.first, o.betas.second})
    if (!(beta >= 0 && beta < 1)) refuse("one of betas", beta, "in [0, 1)");
}
template <class Options, class F>
void visit_moments(Options& o, F f) {
  f("betas.0", o.betas.first);
  f("betas.1", o.betas.second);
  if constexpr (requires { o.eps; }) f("eps", o.eps);
}

/// The gradient gets `through_gradient` times the parameter; the parameter is multiplied by
/// `factor`.
struct Decay {
  double through_gradient, factor;
};
template <class Options>
Decay decay_of(const Options& o, bool decoupled) {
  return decoupled ? Decay{0, 1 - o.lr * o.weight_decay} : Decay{o.weight_decay, 1};
}

}  // namespace xgrad::optim::detail
