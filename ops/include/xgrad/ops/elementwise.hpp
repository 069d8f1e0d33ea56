// elementwise.hpp: functions of each element.
//
// Any shapes that broadcast; float32 or float64, the result has their common type. Whole numbers
// are converted to float32, but stay whole where told. Special values (NaN, infinities, -0) come
// out as from <cmath>; docs/functions.md has the largest error of each function.
#pragma once

#include <optional>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Absolute value; whole numbers stay whole. @grad dx = dy * sign(x), 0 at 0; reads x.
Tensor abs(Operand x);
/// -1, 0 or 1, NaN for NaN; whole numbers stay whole. @grad 0.
Tensor sign(Operand x);

// Exponentials and logarithms.

/// e^x. @grad dx = dy * y; reads y.
Tensor exp(Operand x);
/// 2^x. @grad dx = dy * y ln 2; reads y.
Tensor exp2(Operand x);
/// e^x - 1, accurate near 0. @grad dx = dy * (y + 1); reads y.
Tensor expm1(Operand x);
/// Natural logarithm; -inf at 0, NaN below. @grad dx = dy / x; reads x.
Tensor log(Operand x);
/// log(1 + x), accurate near 0. @grad dx = dy / (1 + x); reads x.
Tensor log1p(Operand x);
Tensor log2(Operand x);
Tensor log10(Operand x);
/// 1 / (1 + e^-x), within 2.5 ULP for x > -87 (float64: -708). @grad dx = dy * y (1 - y); reads y.
Tensor sigmoid(Operand x);

// Powers.

/// Square root; NaN below 0. @grad dx = dy / (2 y); reads y.
Tensor sqrt(Operand x);
/// 1 / sqrt(x). @grad dx = -dy * y^3 / 2; reads y.
Tensor rsqrt(Operand x);
/// x * x; whole numbers stay whole. @grad dx = dy * 2 x; reads x.
Tensor square(Operand x);
/// 1 / x. @grad dx = -dy * y^2; reads y.
Tensor reciprocal(Operand x);
/// base^exponent; whole numbers stay whole. The exponents 2, 3, 1/2, -1 as numbers take the short
/// way. @throws ValueError for whole numbers to a negative power.
/// @grad dbase = dy * exponent base^(exponent - 1), 0 for the exponent 0;
///       dexponent = dy * y log(base), 0 where base is 0 and exponent not below; reads all.
Tensor pow(Operand base, Operand exponent);
/// sqrt(a^2 + b^2) without overflow. @grad da = dy * a / y; NaN at 0; reads both and y.
Tensor hypot(Operand a, Operand b);

/// base^exponent in float64, whatever the operands are.
Tensor float_power(Operand base, Operand exponent);

// Angles in radians.

Tensor sin(Operand x);
Tensor cos(Operand x);
Tensor tan(Operand x);
Tensor asin(Operand x);
Tensor acos(Operand x);
Tensor atan(Operand x);
/// The angle of the point (x, y), in (-pi, pi]. @grad dy = x / (x^2 + y^2), dx = -y / (x^2 + y^2).
Tensor atan2(Operand y, Operand x);
Tensor sinh(Operand x);
Tensor cosh(Operand x);
/// @grad dx = dy * (1 - y^2); reads y.
Tensor tanh(Operand x);
Tensor asinh(Operand x);
Tensor acosh(Operand x);
Tensor atanh(Operand x);

// The error function (2 / sqrt(pi) times the integral of e^-t^2 from 0 to x), and 1 - erf(x).

Tensor erf(Operand x);
Tensor erfc(Operand x);
/// The inverse of erf on (-1, 1). @grad dx = dy * sqrt(pi) / 2 e^(y^2); reads y.
Tensor erfinv(Operand x);

// More of the kind are in special.hpp.

/// log |Gamma(x)|. @grad dx = dy * digamma(x); reads x.
Tensor lgamma(Operand x);
/// The slope of lgamma. @grad dx = dy * polygamma(1, x); reads x.
Tensor digamma(Operand x);
/// The nth derivative of digamma; n at least 0. @throws ValueError if n is negative.
/// @grad dx = dy * polygamma(n + 1, x); reads x.
Tensor polygamma(int n, Operand x);
/// The logarithm of the multivariate gamma function of p dimensions. @throws ValueError unless
/// p is at least 1. @grad made of ops.
Tensor mvlgamma(Operand x, int p);
/// The modified Bessel function of the first kind, of order 0. @grad dx = dy * i1(x); reads x.
Tensor i0(Operand x);
/// sin(pi x) / (pi x), 1 at 0. Reads x.
Tensor sinc(Operand x);
/// log(x / (1 - x)), NaN outside [0, 1]; with eps, x is first held within [eps, 1 - eps].
/// @grad dx = dy / (x (1 - x)), 0 where x is held; reads x.
Tensor logit(Operand x, std::optional<double> eps = {});
/// log(e^a + e^b), without overflow. @grad da = dy * sigmoid(a - b), db = dy * sigmoid(b - a).
Tensor logaddexp(Operand a, Operand b);
/// log2(2^a + 2^b), likewise.
Tensor logaddexp2(Operand a, Operand b);
/// a log(b), 0 where a is 0, though b may be; NaN if b is.
/// @grad da = dy * log(b), 0 where a is 0 and b not above; db = dy * a / b; reads both.
Tensor xlogy(Operand a, Operand b);

// Rounding; whole numbers stay whole. @grad 0, where nothing else is said.

Tensor floor(Operand x);
Tensor ceil(Operand x);
Tensor trunc(Operand x);
/// To the nearest whole number, halves to the even one.
Tensor round(Operand x);
/// Remainder of the division rounded towards 0; it has the sign of a.
/// @grad da = dy, db = -dy * trunc(a / b); reads both.
Tensor fmod(Operand a, Operand b);
/// Remainder of the division rounded down; it has the sign of b; whole numbers stay whole.
/// @grad da = dy, db = -dy * floor(a / b); reads both.
Tensor remainder(Operand a, Operand b);
/// |a| with the sign of b. @grad da = dy * y / a, 0 at 0; reads a and y.
Tensor copysign(Operand a, Operand b);

// The larger and the smaller one; whole numbers stay whole.

/// NaN if one is. @grad to the larger one, half to each where they are equal; reads both.
Tensor maximum(Operand a, Operand b);
Tensor minimum(Operand a, Operand b);
/// The other one if one is NaN. @grad to the chosen one, to a where they are equal; reads both.
Tensor fmax(Operand a, Operand b);
Tensor fmin(Operand a, Operand b);
/// x within [min, max]; max where min lies above it; NaN stays. Whole numbers stay whole.
/// @grad  dx = dy where x is within, at the bounds too; the bound that was taken gets the rest.
Tensor clamp(Operand x, Operand min, Operand max);
Tensor clamp_min(Operand x, Operand min);
Tensor clamp_max(Operand x, Operand max);
/// NaN, inf and -inf replaced by numbers: 0, the type's largest and its smallest where not given.
/// @grad dx = dy, 0 where x was replaced; reads x.
Tensor nan_to_num(Operand x, double nan = 0, std::optional<double> posinf = {},
                  std::optional<double> neginf = {});

// Combinations.

/// start + weight (end - start), exact at the weights 0 and 1.
Tensor lerp(Operand start, Operand end, Operand weight);
/// x + value a b; whole numbers stay whole.
Tensor addcmul(Operand x, Operand a, Operand b, Operand value = 1);
/// x + value a / b
Tensor addcdiv(Operand x, Operand a, Operand b, Operand value = 1);

}  // namespace xgrad
