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

/// Whole channels 0 with probability p, else x / (1 - p) (Tompson et al., CVPR 2015). x is (N, C,
/// sizes...) or (C, sizes...), with one size.
/// @throws ShapeError for other shapes; the rest as dropout.
/// @check dropout1d(x, 0.3, false); x [2, 3, 4]
Tensor dropout1d(Operand x, double p = 0.5, Flag training = true, Generator* generator = nullptr);
/// The same with two sizes. @check dropout2d(x, 0.3, false); x [2, 3, 2, 2]
Tensor dropout2d(Operand x, double p = 0.5, Flag training = true, Generator* generator = nullptr);
/// The same with three sizes. @check dropout3d(x, 0.3, false); x [2, 3, 2, 1, 2]
Tensor dropout3d(Operand x, double p = 0.5, Flag training = true, Generator* generator = nullptr);
/// Each element -1.7581, SELU's limit, with probability p; then all are scaled and shifted so that
/// mean 0 and variance 1 stay (Klambauer et al., NIPS 2017). Errors as dropout.
/// @check alpha_dropout(x, 0.3, false); x [3, 4]
Tensor alpha_dropout(Operand x, double p = 0.5, Flag training = true,
                     Generator* generator = nullptr);
/// alpha_dropout of whole channels: x is (N, C, ...).
/// @check feature_alpha_dropout(x, 0.3, false); x [2, 3, 4]
Tensor feature_alpha_dropout(Operand x, double p = 0.5, Flag training = true,
                             Generator* generator = nullptr);

}  // namespace xgrad
