#include "lbfgs_history.hpp"

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/products.hpp>

namespace xgrad::optim::detail {

double dot_of(const Tensor& a, const Tensor& b) { return dot(a, b).item<double>(); }

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
    q = std::move(q) - state.old_dirs[i] * shares[i];
  }
  Tensor d = std::move(q) * state.H_diag;
  for (std::size_t i = 0; i < shares.size(); ++i)
    d = std::move(d) + state.old_stps[i] * (shares[i] - dot_of(state.old_dirs[i], d) * state.ro[i]);
  return d;
}

}  // namespace xgrad::optim::detail
