// lbfgs_options.hpp: LBFGS's options by name, and which values they may have.
#pragma once

#include <xgrad/optim/lbfgs.hpp>

namespace xgrad::optim::detail {

/// Calls f(name, option) for each option.
template <class Options, class F>
void visit_lbfgs_options(Options& o, F f) {
  f("lr", o.lr);
  f("max_iter", o.max_iter);
  f("max_eval", o.max_eval);
  f("tolerance_grad", o.tolerance_grad);
  f("tolerance_change", o.tolerance_change);
  f("history_size", o.history_size);
  f("line_search_fn", o.line_search_fn);
}

/// @throws ValueError  for one that is out of range.
void check_lbfgs_options(const LBFGSOptions& o, Site site);

}  // namespace xgrad::optim::detail
