// special.hpp: special functions of statistics and physics. Namespace special has the functions of
// torch.special.
//
// As in elementwise.hpp, shapes broadcast, and integers are converted to the default dtype.
#pragma once

#include <optional>

#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/formulas.hpp>

namespace xgrad {

/// sin(pi x) / (pi x), 1 at 0. Saves x.
/// @check sinc(x); any in (0.1, 3)
Tensor sinc(Operand x);
/// log(x / (1 - x)), NaN outside [0, 1]. If eps is given, x is first clamped to [eps, 1 - eps].
/// @grad dx = dy / (x (1 - x)), 0 where x was clamped; saves x.
/// @check logit(x); any in (0.1, 0.9)
/// @check logit(x, 0.2); x [3, 4] in (0.21, 0.79)
Tensor logit(Operand x, std::optional<double> eps = {});
/// log(e^a + e^b), computed without overflow.
/// @grad da = dy * sigmoid(a - b), db = dy * sigmoid(b - a).
/// @check logaddexp(a, b); pairs in (-2, 2)
Tensor logaddexp(Operand a, Operand b);
/// log2(2^a + 2^b), computed without overflow.
/// @check logaddexp2(a, b); pairs in (-2, 2)
Tensor logaddexp2(Operand a, Operand b);
/// a log(b). 0 where a is 0, even if b is 0; NaN where b is NaN.
/// @grad da = dy * log(b), 0 where a is 0 and b <= 0; db = dy * a / b; saves a and b.
/// @check xlogy(a, b); pairs in (0.3, 3)
Tensor xlogy(Operand a, Operand b);
/// The logarithm of the multivariate gamma function of dimension p, a sum of p values of lgamma.
/// @throws ValueError unless p is in [1, 65536]. @grad made of ops.
/// @check mvlgamma(x, 2); any in (1, 4)
Tensor mvlgamma(Operand x, int p);

}  // namespace xgrad

namespace xgrad::special {

using xgrad::digamma;
using xgrad::erf;
using xgrad::erfc;
using xgrad::erfinv;
using xgrad::exp2;
using xgrad::expm1;
using xgrad::i0;
using xgrad::log1p;
using xgrad::logit;
using xgrad::ndtr;
using xgrad::ndtri;
using xgrad::polygamma;
using xgrad::sinc;
using xgrad::xlogy;
inline Tensor expit(Operand x) { return sigmoid(x); }
inline Tensor gammaln(Operand x) { return lgamma(x); }
inline Tensor psi(Operand x) { return digamma(x); }
inline Tensor multigammaln(Operand x, int p) { return mvlgamma(x, p); }

/// Elementwise entropy: -x log(x), 0 at 0, -inf below 0. @grad dx = -dy (log(x) + 1).
/// @check special::entr(x); any in (0.3, 3)
Tensor entr(Operand x);
/// log(ndtr(x)), accurate for very negative x. @grad dx = dy * phi(x) / ndtr(x), where phi is the
/// density of the normal distribution.
/// @check special::log_ndtr(x); any in (-3, 3)
Tensor log_ndtr(Operand x);
/// a log1p(b), 0 where a is 0. @grad da = dy log1p(b), db = dy a / (b + 1); saves a and b.
/// @check special::xlog1py(a, b); pairs in (0.3, 3)
Tensor xlog1py(Operand a, Operand b);
/// e^-|x| i0(x). @grad dx = dy (i1e(x) - sign(x) y); saves x and y.
/// @check special::i0e(x); any in (0.2, 3)
Tensor i0e(Operand x);
/// The modified Bessel function of the first kind of order 1. @grad dx = dy (i0(x) - y / x); saves
/// x and y.
/// @check special::i1(x); any in (-3, 3)
Tensor i1(Operand x);
/// e^-|x| i1(x).
/// @check special::i1e(x); any in (0.2, 3)
Tensor i1e(Operand x);

}  // namespace xgrad::special
