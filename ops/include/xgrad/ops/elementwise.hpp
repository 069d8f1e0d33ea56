// elementwise.hpp: functions of each element.
//
// Any shapes that broadcast; float32 or float64, the result has their common type. Integers
// are converted to float32, but stay integers where told. Special values (NaN, infinities, -0) come
// out as from <cmath>; docs/functions.md has the largest error of each function.
#pragma once

#include <optional>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Absolute value; integers stay integers. @grad dx = dy * sign(x), 0 at 0; reads x.
/// @check abs(x); any in (0.1, 2)
Tensor abs(Operand x);
/// -1, 0 or 1, NaN for NaN; integers stay integers. @grad 0.
/// @check sign(x); any in (0.1, 0.9)
Tensor sign(Operand x);

// Exponentials and logarithms.

/// e^x. @grad dx = dy * y; reads y.
/// @check exp(x); any in (-2, 2)
Tensor exp(Operand x);
/// 2^x. @grad dx = dy * y ln 2; reads y.
/// @check exp2(x); any in (-2, 2)
Tensor exp2(Operand x);
/// e^x - 1, accurate near 0. @grad dx = dy * (y + 1); reads y.
/// @check expm1(x); any in (-2, 2)
Tensor expm1(Operand x);
/// Natural logarithm; -inf at 0, NaN below. @grad dx = dy / x; reads x.
/// @check log(x); any in (0.3, 3)
Tensor log(Operand x);
/// log(1 + x), accurate near 0. @grad dx = dy / (1 + x); reads x.
/// @check log1p(x); any in (-0.5, 3)
Tensor log1p(Operand x);
/// @check log2(x); any in (0.3, 3)
Tensor log2(Operand x);
/// @check log10(x); any in (0.3, 3)
Tensor log10(Operand x);
/// 1 / (1 + e^-x), within 2.5 ULP for x > -87 (float64: -708). @grad dx = dy * y (1 - y); reads y.
/// @check sigmoid(x); any in (-3, 3)
Tensor sigmoid(Operand x);

// Powers.

/// Square root; NaN below 0. @grad dx = dy / (2 y); reads y.
/// @check sqrt(x); any in (0.3, 3)
Tensor sqrt(Operand x);
/// 1 / sqrt(x). @grad dx = -dy * y^3 / 2; reads y.
/// @check rsqrt(x); any in (0.3, 3)
Tensor rsqrt(Operand x);
/// x * x; integers stay integers. @grad dx = dy * 2 x; reads x.
/// @check square(x); any in (-2, 2)
Tensor square(Operand x);
/// 1 / x. @grad dx = -dy * y^2; reads y.
/// @check reciprocal(x); any in (0.3, 3)
Tensor reciprocal(Operand x);
/// base^exponent; integers stay integers. The exponents 2, 3, 1/2, -1 as numbers take the short
/// way. @throws ValueError for integers to a negative power.
/// @grad dbase = dy * exponent base^(exponent - 1), 0 for the exponent 0;
///       dexponent = dy * y log(base), 0 where base is 0 and exponent not below; reads all.
/// @check pow(a, b); pairs in (0.3, 3)
Tensor pow(Operand base, Operand exponent);
/// sqrt(a^2 + b^2) without overflow. @grad da = dy * a / y; NaN at 0; reads both and y.
/// @check hypot(a, b); pairs in (0.3, 3)
Tensor hypot(Operand a, Operand b);

/// base^exponent in float64, whatever the operands are. @unchecked it is pow.
Tensor float_power(Operand base, Operand exponent);

// Angles in radians.

/// @check sin(x); any in (-3, 3)
Tensor sin(Operand x);
/// @check cos(x); any in (-3, 3)
Tensor cos(Operand x);
/// @check tan(x); any in (-1.2, 1.2)
Tensor tan(Operand x);
/// @check asin(x); any in (-0.9, 0.9)
Tensor asin(Operand x);
/// @check acos(x); any in (-0.9, 0.9)
Tensor acos(Operand x);
/// @check atan(x); any in (-3, 3)
Tensor atan(Operand x);
/// The angle of the point (x, y), in (-pi, pi]. @grad dy = x / (x^2 + y^2), dx = -y / (x^2 + y^2).
/// @check atan2(a, b); pairs in (0.3, 3)
Tensor atan2(Operand y, Operand x);
/// @check sinh(x); any in (-2, 2)
Tensor sinh(Operand x);
/// @check cosh(x); any in (-2, 2)
Tensor cosh(Operand x);
/// @grad dx = dy * (1 - y^2); reads y.
/// @check tanh(x); any in (-2, 2)
Tensor tanh(Operand x);
/// @check asinh(x); any in (-2, 2)
Tensor asinh(Operand x);
/// @check acosh(x); any in (1.3, 3)
Tensor acosh(Operand x);
/// @check atanh(x); any in (-0.8, 0.8)
Tensor atanh(Operand x);

// The error function (2 / sqrt(pi) times the integral of e^-t^2 from 0 to x), and 1 - erf(x).

/// @check erf(x); any in (-2, 2)
Tensor erf(Operand x);
/// @check erfc(x); any in (-2, 2)
Tensor erfc(Operand x);
/// The inverse of erf on (-1, 1). @grad dx = dy * sqrt(pi) / 2 e^(y^2); reads y.
/// @check erfinv(x); any in (-0.8, 0.8)
Tensor erfinv(Operand x);

// More of the kind are in special.hpp.

/// log |Gamma(x)|. @grad dx = dy * digamma(x); reads x.
/// @check lgamma(x); any in (0.3, 4)
Tensor lgamma(Operand x);
/// The slope of lgamma. @grad dx = dy * polygamma(1, x); reads x.
/// @check digamma(x); any in (0.3, 4)
Tensor digamma(Operand x);
/// The nth derivative of digamma; n at least 0. @throws ValueError if n is negative.
/// @grad dx = dy * polygamma(n + 1, x); reads x.
/// @check polygamma(2, x); any in (0.5, 4)
Tensor polygamma(int n, Operand x);
/// The modified Bessel function of the first kind, of order 0. @grad dx = dy * i1(x); reads x.
/// @check i0(x); any in (-3, 3)
Tensor i0(Operand x);

// Rounding; integers stay integers. @grad 0, where nothing else is said.

/// @check floor(x); any in (0.1, 0.9)
Tensor floor(Operand x);
/// @check ceil(x); any in (0.1, 0.9)
Tensor ceil(Operand x);
/// @check trunc(x); any in (0.1, 0.9)
Tensor trunc(Operand x);
/// To the nearest integer, halves to the even one.
/// @check round(x); any in (0.1, 0.4)
Tensor round(Operand x);
/// Remainder of the division rounded towards 0; it has the sign of a.
/// @grad da = dy, db = -dy * trunc(a / b); reads both.
/// @check fmod(a, b); pairs in (0.6, 1.1)
Tensor fmod(Operand a, Operand b);
/// Remainder of the division rounded down; it has the sign of b; integers stay integers.
/// @grad da = dy, db = -dy * floor(a / b); reads both.
/// @check remainder(a, b); pairs in (0.6, 1.1)
Tensor remainder(Operand a, Operand b);
/// |a| with the sign of b. @grad da = dy * y / a, 0 at 0; reads a and y.
/// @check copysign(a, b); pairs in (0.3, 3)
Tensor copysign(Operand a, Operand b);

// The larger and the smaller one; integers stay integers.

/// NaN if one is. @grad to the larger one, half to each where they are equal; reads both.
/// @check maximum(a, b); pairs in (-2, 2)
Tensor maximum(Operand a, Operand b);
/// @check minimum(a, b); pairs in (-2, 2)
Tensor minimum(Operand a, Operand b);
/// The other one if one is NaN. @grad to the chosen one, to a where they are equal; reads both.
/// @check fmax(a, b); pairs in (-2, 2)
Tensor fmax(Operand a, Operand b);
/// @check fmin(a, b); pairs in (-2, 2)
Tensor fmin(Operand a, Operand b);
/// x within [min, max]; max where min lies above it; NaN stays. Integers stay integers.
/// @grad  dx = dy where x is within, at the bounds too; the bound that was taken gets the rest.
/// @check clamp(x, low, high); x [3, 5], low [5] in (-2, -0.5), high [] in (0.5, 1)
Tensor clamp(Operand x, Operand min, Operand max);
/// @check clamp_min(a, b); pairs in (-2, 2)
Tensor clamp_min(Operand x, Operand min);
/// @check clamp_max(a, b); pairs in (-2, 2)
Tensor clamp_max(Operand x, Operand max);
/// NaN, inf and -inf replaced by numbers: 0, the type's largest and its smallest where not given.
/// @grad dx = dy, 0 where x was replaced; reads x.
/// @check nan_to_num(x, 0, 5, -5); any in (-2, 2)
Tensor nan_to_num(Operand x, double nan = 0, std::optional<double> posinf = {},
                  std::optional<double> neginf = {});

// Combinations.

/// start + weight (end - start), exact at the weights 0 and 1.
/// @check lerp(a, b, weight); a [3, 4], b [4], weight [] in (0.1, 0.9)
Tensor lerp(Operand start, Operand end, Operand weight);
/// x + value a b; integers stay integers.
/// @check addcmul(x, a, b, 0.7); x [3, 4], a [4], b [3, 1]
Tensor addcmul(Operand x, Operand a, Operand b, Operand value = 1);
/// x + value a / b
/// @check addcdiv(x, a, b, 0.7); x [3, 4], a [4], b [3, 1] in (0.5, 2)
Tensor addcdiv(Operand x, Operand a, Operand b, Operand value = 1);

}  // namespace xgrad
