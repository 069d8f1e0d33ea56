// lbfgs_history.hpp: the inverse Hessian that LBFGS estimates from past steps.
#pragma once

#include <cstdint>

#include <xgrad/optim/lbfgs.hpp>

namespace xgrad::optim::detail {

/// Notes how the gradient changed (y) over a step (s), in place of the oldest of `size` such pairs.
/// Pairs without positive curvature, y . s <= 1e-10, are not used.
void remember(LBFGSState& state, const Tensor& y, const Tensor& s, std::int64_t size);

/// -H gradient, by the two loops of Nocedal (1980), from H = H_diag.
Tensor quasi_newton_direction(const LBFGSState& state, const Tensor& gradient);

}  // namespace xgrad::optim::detail
