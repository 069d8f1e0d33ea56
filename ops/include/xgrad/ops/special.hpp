// special.hpp: functions of statistics and physics, in PyTorch's namespace of that name.
//
// As in elementwise.hpp: shapes broadcast, float32 or float64, integers are converted.
#pragma once

#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/formulas.hpp>

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

/// The entropy of a probability: -x log(x), 0 at 0, -inf below. @grad dx = -dy (log(x) + 1).
/// @check special::entr(x); any in (0.3, 3)
Tensor entr(Operand x);
/// log(ndtr(x)), accurate in the far tail. @grad dx = dy times the density over ndtr(x).
/// @check special::log_ndtr(x); any in (-3, 3)
Tensor log_ndtr(Operand x);
/// a log1p(b), 0 where a is 0. @grad da = dy log1p(b), db = dy a / (b + 1); reads both.
/// @check special::xlog1py(a, b); pairs in (0.3, 3)
Tensor xlog1py(Operand a, Operand b);
/// e^-|x| i0(x). @grad dx = dy (i1e(x) - sign(x) y); reads x and y.
/// @check special::i0e(x); any in (0.2, 3)
Tensor i0e(Operand x);
/// The modified Bessel function of order 1. @grad dx = dy (i0(x) - y / x); reads x and y.
/// @check special::i1(x); any in (-3, 3)
Tensor i1(Operand x);
/// e^-|x| i1(x).
/// @check special::i1e(x); any in (0.2, 3)
Tensor i1e(Operand x);

}  // namespace xgrad::special
