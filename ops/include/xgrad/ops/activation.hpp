// activation.hpp: nonlinearities for networks. sigmoid and tanh are in elementwise.hpp.
//
// Any shape, float32 or float64; the result has the same. Kinks have the gradients of PyTorch.
#pragma once

#include <string_view>

#include <xgrad/graph/random.hpp>
#include <xgrad/ops/elementwise.hpp>

namespace xgrad {

/// max(x, 0), NaN for NaN; integers stay integers. @grad dx = dy where y > 0, 0 elsewhere, at 0
/// too; reads y.
/// @check relu(x); any in (0.1, 2)
Tensor relu(Operand x);
/// x above 0, negative_slope x from 0 down (Maas et al., ICML 2013). Reads x.
/// @check leaky_relu(x, 0.2); any in (-2, -0.1)
Tensor leaky_relu(Operand x, double negative_slope = 0.01);
/// x above 0, alpha (e^x - 1) from 0 down (Clevert et al., ICLR 2016). Reads x.
/// @check elu(x, 1.5); any in (-2, -0.1)
Tensor elu(Operand x, double alpha = 1);
/// 1.0507 elu(x, 1.6733), which keeps mean 0 and variance 1 (Klambauer et al., NIPS 2017). Reads x.
/// @check selu(x); any in (-2, -0.1)
Tensor selu(Operand x);
/// x Phi(x), Phi the normal distribution's (Hendrycks and Gimpel, 2016); with "tanh", their
/// approximation x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). Reads x.
/// @throws ValueError for another word than "none" and "tanh".
/// @check gelu(x); any in (-3, 3)
/// @check gelu(x, "tanh"); any in (-3, 3)
Tensor gelu(Operand x, std::string_view approximate = "none");
/// x sigmoid(x) (Elfwing et al., 2017). Reads x.
/// @check silu(x); any in (-3, 3)
Tensor silu(Operand x);
/// x tanh(softplus(x)) (Misra, BMVC 2020). Reads x.
/// @check mish(x); any in (-3, 3)
Tensor mish(Operand x);
/// log(1 + e^(beta x)) / beta; x itself where beta x lies above threshold (Dugas et al., NIPS
/// 2000).
/// @grad dx = dy sigmoid(beta x), dy above threshold; reads x.
/// @check softplus(x, 2, 3); any in (-1.4, 1.4)
Tensor softplus(Operand x, double beta = 1, double threshold = 20);
/// x / (1 + |x|). Reads x.
/// @check softsign(x); any in (0.1, 3)
Tensor softsign(Operand x);
/// log(sigmoid(x)), without overflow. @grad dx = dy sigmoid(-x); reads x.
/// @check logsigmoid(x); any in (-3, 3)
Tensor logsigmoid(Operand x);
/// x within [min_val, max_val], max_val if that is below. @grad dx = dy strictly within, 0 at the
/// bounds and outside.
/// @check hardtanh(x, -1, 1); any in (-0.9, 0.9)
Tensor hardtanh(Operand x, double min_val = -1, double max_val = 1);
/// 0 up to -3, 1 from 3, x / 6 + 1 / 2 between.
/// @check hardsigmoid(x); any in (-2.9, 2.9)
Tensor hardsigmoid(Operand x);
/// x hardsigmoid(x) (Howard et al., ICCV 2019). @grad at -3 and 3 that of the middle piece.
/// @check hardswish(x); any in (-2.9, 2.9)
Tensor hardswish(Operand x);
/// x above 0, alpha (e^(x / alpha) - 1) from 0 down (Barron, 2017). Reads x.
/// @throws ValueError if alpha is 0.
/// @check celu(x, 1.5); any in (-2, -0.1)
Tensor celu(Operand x, double alpha = 1);
/// x outside [-lambd, lambd], 0 within. Reads x.
/// @check hardshrink(x); any in (0.6, 2)
Tensor hardshrink(Operand x, double lambd = 0.5);
/// x moved towards 0 by lambd, 0 within [-lambd, lambd]. Reads x.
/// @throws ValueError if lambd is negative.
/// @check softshrink(x); any in (-2, -0.6)
Tensor softshrink(Operand x, double lambd = 0.5);
/// x above threshold, value elsewhere. Reads x.
/// @check threshold(x, 0.1, 20); any in (0.2, 2)
Tensor threshold(Operand x, double threshold, double value);
/// x above 0, weight x from 0 down, with one weight, or one for each position of x's second axis
/// (He et al., ICCV 2015). @throws ShapeError for another number of weights. Reads both.
/// @check prelu(x, w); x [2, 3, 4], w [3]; x [2, 3], w [1]
Tensor prelu(Operand x, Operand weight);
/// x above 0, r x from 0 down, r drawn evenly from [lower, upper) for each element in training,
/// their mean otherwise (Xu et al., 2015). @throws ValueError if lower lies above upper. Reads x.
/// @check rrelu(x); any in (-2, -0.1)
Tensor rrelu(Operand x, double lower = 1.0 / 8, double upper = 1.0 / 3, Flag training = false,
             Generator* generator = nullptr);
/// The first half of an axis times sigmoid of the second (Dauphin et al., ICML 2017).
/// @throws ShapeError if its size is odd. Reads x.
/// @check glu(x); x [3, 4]; x [2, 0, 6]
/// @check glu(x, 0); x [4, 3]
Tensor glu(Operand x, Dim dim = -1);

}  // namespace xgrad
