// dropout.hpp: dropout of elements and of channels.
#pragma once

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/random.hpp>

namespace xgrad {

/// In training, sets each element to 0 with probability p and scales the others by 1 / (1 - p)
/// (Srivastava et al., JMLR 2014). In evaluation, returns x. float32 or float64.
///
/// The random numbers are from the Philox stream of the generator, one for each element, so results
/// have the same bits for any number of threads. The gradient draws them again; nothing is saved.
/// @throws ValueError  unless p is in [0, 1]; DTypeError for integers.
/// @grad   dx = dy / (1 - p) where x was kept, 0 elsewhere.
/// @check dropout(x, 0.3, false); x [3, 4]
Tensor dropout(Operand x, double p = 0.5, Flag training = true, Generator* generator = nullptr);

/// Dropout of whole channels (Tompson et al., CVPR 2015). x is (N, C, L) or (C, L).
/// @throws ShapeError for another number of dims; otherwise as dropout.
/// @check dropout1d(x, 0.3, false); x [2, 3, 4]
Tensor dropout1d(Operand x, double p = 0.5, Flag training = true, Generator* generator = nullptr);
/// Dropout of the channels of (N, C, H, W) or (C, H, W).
/// @check dropout2d(x, 0.3, false); x [2, 3, 2, 2]
Tensor dropout2d(Operand x, double p = 0.5, Flag training = true, Generator* generator = nullptr);
/// Dropout of the channels of (N, C, D, H, W) or (C, D, H, W).
/// @check dropout3d(x, 0.3, false); x [2, 3, 2, 1, 2]
Tensor dropout3d(Operand x, double p = 0.5, Flag training = true, Generator* generator = nullptr);
/// Dropout for networks with selu: sets each element to -1.7581, the limit of selu at -inf, with
/// probability p, then scales and shifts all elements to preserve mean 0 and variance 1 (Klambauer
/// et al., NIPS 2017). Errors as dropout.
/// @check alpha_dropout(x, 0.3, false); x [3, 4]
Tensor alpha_dropout(Operand x, double p = 0.5, Flag training = true,
                     Generator* generator = nullptr);
/// alpha_dropout of whole channels. x is (N, C, ...).
/// @check feature_alpha_dropout(x, 0.3, false); x [2, 3, 4]
Tensor feature_alpha_dropout(Operand x, double p = 0.5, Flag training = true,
                             Generator* generator = nullptr);

}  // namespace xgrad
