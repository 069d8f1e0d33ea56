// dropout.hpp: elements left out at random.
#pragma once

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/random.hpp>

namespace xgrad {

/// Each element 0 with probability p, else x / (1 - p); x itself unless training
/// (Srivastava et al., JMLR 2014). float32 or float64.
///
/// The choice comes from the generator's Philox stream, element by element: the same bits for any
/// number of threads. Nothing is kept for the gradient, which draws them again.
/// @throws ValueError  unless p is in [0, 1]; DTypeError for integers.
/// @grad   dx = dy dropped in the same places.
/// @check dropout(x, 0.3, false); x [3, 4]
Tensor dropout(Operand x, double p = 0.5, Flag training = true, Generator* generator = nullptr);

}  // namespace xgrad
