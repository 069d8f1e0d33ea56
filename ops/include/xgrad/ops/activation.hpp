// activation.hpp: activation functions. sigmoid and tanh are in elementwise.hpp.
//
// x has any shape and is float32 or float64; the result has the same shape and dtype. At kinks the
// gradients are those of PyTorch. "Saves x" means that the graph keeps x for the gradient.
#pragma once

#include <string_view>

#include <xgrad/graph/random.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xgrad {

/// max(x, 0). NaN stays NaN; integers stay integers. @grad dx = dy where y > 0, 0 elsewhere, also
/// at 0; saves y.
/// @check relu(x); any in (0.1, 2)
Tensor relu(Operand x);
/// x where x > 0, negative_slope * x elsewhere (Maas et al., ICML 2013). Saves x.
/// @check leaky_relu(x, 0.2); any in (-2, -0.1)
Tensor leaky_relu(Operand x, double negative_slope = 0.01);
/// x where x > 0, alpha (e^x - 1) elsewhere (Clevert et al., ICLR 2016). Saves x.
/// @check elu(x, 1.5); any in (-2, -0.1)
Tensor elu(Operand x, double alpha = 1);
/// 1.0507 elu(x, 1.6733). The constants preserve mean 0 and variance 1 (Klambauer et al., NIPS
/// 2017). Saves x.
/// @check selu(x); any in (-2, -0.1)
Tensor selu(Operand x);
/// x Phi(x), where Phi is the cumulative distribution function of the standard normal distribution
/// (Hendrycks and Gimpel, 2016). If approximate is "tanh", computes their approximation
/// x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). Saves x.
/// @throws ValueError if approximate is neither "none" nor "tanh".
/// @check gelu(x); any in (-3, 3)
/// @check gelu(x, "tanh"); any in (-3, 3)
Tensor gelu(Operand x, std::string_view approximate = "none");
/// x sigmoid(x) (Elfwing et al., 2017). Saves x.
/// @check silu(x); any in (-3, 3)
Tensor silu(Operand x);
/// x tanh(softplus(x)) (Misra, BMVC 2020). Saves x.
/// @check mish(x); any in (-3, 3)
Tensor mish(Operand x);
/// log(1 + e^(beta x)) / beta (Dugas et al., NIPS 2000). Returns x itself where beta x > threshold.
/// @grad dx = dy sigmoid(beta x), dy above the threshold; saves x.
/// @check softplus(x, 2, 3); any in (-1.4, 1.4)
Tensor softplus(Operand x, double beta = 1, double threshold = 20);
/// x / (1 + |x|). Saves x.
/// @check softsign(x); any in (0.1, 3)
Tensor softsign(Operand x);
/// log(sigmoid(x)), computed without overflow. @grad dx = dy sigmoid(-x); saves x.
/// @check logsigmoid(x); any in (-3, 3)
Tensor logsigmoid(Operand x);
/// Clamps x to [min_val, max_val]; if min_val > max_val, the result is max_val.
/// @grad dx = dy strictly inside the interval, 0 at its bounds and outside.
/// @check hardtanh(x, -1, 1); any in (-0.9, 0.9)
Tensor hardtanh(Operand x, double min_val = -1, double max_val = 1);
/// 0 where x <= -3, 1 where x >= 3, x / 6 + 1 / 2 between.
/// @check hardsigmoid(x); any in (-2.9, 2.9)
Tensor hardsigmoid(Operand x);
/// x hardsigmoid(x) (Howard et al., ICCV 2019). @grad at -3 and 3, the slope of the middle piece.
/// @check hardswish(x); any in (-2.9, 2.9)
Tensor hardswish(Operand x);
/// x where x > 0, alpha (e^(x / alpha) - 1) elsewhere (Barron, 2017). Saves x.
/// @throws ValueError if alpha is 0.
/// @check celu(x, 1.5); any in (-2, -0.1)
Tensor celu(Operand x, double alpha = 1);
/// x outside [-lambd, lambd], 0 inside. Saves x.
/// @check hardshrink(x); any in (0.6, 2)
Tensor hardshrink(Operand x, double lambd = 0.5);
/// x shifted towards 0 by lambd; 0 where |x| <= lambd. Saves x.
/// @throws ValueError if lambd is negative.
/// @check softshrink(x); any in (-2, -0.6)
Tensor softshrink(Operand x, double lambd = 0.5);
/// x where x > threshold, value elsewhere. Saves x.
/// @check threshold(x, 0.1, 20); any in (0.2, 2)
Tensor threshold(Operand x, double threshold, double value);
/// x where x > 0, weight * x elsewhere (He et al., ICCV 2015). weight has one element, or one for
/// each channel, which is dim 1 of x. @throws ShapeError if weight has another number of elements.
/// Saves x and weight.
/// @check prelu(x, w); x [2, 3, 4], w [3]; x [2, 3], w [1]
Tensor prelu(Operand x, Operand weight);
/// x where x > 0, r x elsewhere (Xu et al., 2015). In training, r is drawn uniformly from
/// [lower, upper) for each element; in evaluation, r is (lower + upper) / 2.
/// @throws ValueError if lower > upper. Saves x.
/// @check rrelu(x); any in (-2, -0.1)
Tensor rrelu(Operand x, double lower = 1.0 / 8, double upper = 1.0 / 3, Flag training = false,
             Generator* generator = nullptr);
/// Splits x in half along dim and returns first_half * sigmoid(second_half) (Dauphin et al., ICML
/// 2017). @throws ShapeError if the size of dim is odd. Saves x.
/// @check glu(x); x [3, 4]; x [2, 0, 6]
/// @check glu(x, 0); x [4, 3]
Tensor glu(Operand x, Dim dim = -1);

}  // namespace xgrad
