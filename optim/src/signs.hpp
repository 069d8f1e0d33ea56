// signs.hpp: the sign of a lane's elements.
#pragma once

namespace xgrad::optim::detail {

/// 1, -1 or 0; NaN of NaN.
template <class L>
L sign_of(const L& x) {
  const L zero(0);
  return where(x > zero, L(1), where(x < zero, L(-1), x));
}

}  // namespace xgrad::optim::detail
