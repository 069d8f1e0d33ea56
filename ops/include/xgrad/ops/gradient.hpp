// gradient.hpp: ops that leave values as they are and change what passes back.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// x, through which no gradient passes: x.detach(). @grad none.
Tensor stop_gradient(const Tensor& x, Site site = {__builtin_FILE(), __builtin_LINE()});
/// x, whose gradient is multiplied by a factor. Shares the storage. @grad dx = factor dy.
/// @unchecked the gradient is not the value's.
Tensor scale_gradient(Operand x, double factor);
/// x, whose gradient is reversed, for adversarial training (Ganin and Lempitsky, ICML 2015).
/// @grad dx = -dy. @unchecked the gradient is not the value's.
Tensor flip_gradient(Operand x);

}  // namespace xgrad
