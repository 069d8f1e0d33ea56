// gradient.hpp: ops that return their input and change its gradient.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Returns x without its history, as x.detach(): no gradient passes through. @grad none.
Tensor stop_gradient(const Tensor& x, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Returns x and multiplies its gradient by factor. Shares the storage. @grad dx = factor dy.
/// @unchecked the gradient is not the value's.
Tensor scale_gradient(Operand x, double factor);
/// Returns x and reverses its gradient, for adversarial training (Ganin and Lempitsky, ICML 2015).
/// @grad dx = -dy. @unchecked the gradient is not the value's.
Tensor flip_gradient(Operand x);

}  // namespace xgrad
