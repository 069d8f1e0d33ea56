#include "lbfgs_history.hpp"

#include <xgrad/ops/arithmetic.hpp>

#include "vectors.hpp"

namespace xgrad::optim::detail {

void remember(LBFGSState& state, const Tensor& y, const Tensor& s, std::int64_t size) {
  const double ys = dot_of(y, s);
  if (!(ys > 1e-10)) return;
  while (static_cast<std::int64_t>(state.ro.size()) >= size) {
    state.old_dirs.erase(state.old_dirs.begin());
    state.old_stps.erase(state.old_stps.begin());
    state.ro.erase(state.ro.begin());
  }
  state.old_dirs.push_back(y);
  state.old_stps.push_back(s);
  state.ro.push_back(1 / ys);
  state.H_diag = ys / dot_of(y, y);
}

Tensor quasi_newton_direction(const LBFGSState& state, const Tensor& gradient) {
  std::vector<double> shares(state.ro.size());
  Tensor q = -gradient;
  for (std::size_t i = shares.size(); i-- > 0;) {
    shares[i] = dot_of(state.old_stps[i], q) * state.ro[i];
    q = add_scaled(q, -shares[i], state.old_dirs[i]);
  }
  Tensor d = q * state.H_diag;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double share = dot_of(state.old_dirs[i], d) * state.ro[i];
    d = add_scaled(d, shares[i] - share, state.old_stps[i]);
  }
  return d;
}

}  // namespace xgrad::optim::detail
