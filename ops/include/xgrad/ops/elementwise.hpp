// elementwise.hpp: elementwise functions.
//
// Shapes broadcast. Operands are float32 or float64, and the result has their common dtype.
// Integers are converted to the default dtype, except where noted. NaN, infinities and -0 give what the
// functions of <cmath> give. docs/functions.md lists the largest error of each function.
//
// "Saves x" means that the graph keeps x for the gradient; y is the result.
#pragma once

#include <optional>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Absolute value; integers stay integers. @grad dx = dy * sign(x), 0 at 0; saves x.
/// @check abs(x); any in (0.1, 2)
Tensor abs(Operand x);
/// -1, 0 or 1 by the sign of x; NaN for NaN. Integers stay integers. @grad 0.
/// @check sign(x); any in (0.1, 0.9)
Tensor sign(Operand x);

// Exponentials and logarithms.

/// e^x. @grad dx = dy * y; saves y.
/// @check exp(x); any in (-2, 2)
Tensor exp(Operand x);
/// 2^x. @grad dx = dy * y ln 2; saves y.
/// @check exp2(x); any in (-2, 2)
Tensor exp2(Operand x);
/// e^x - 1, accurate near 0. @grad dx = dy * (y + 1); saves y.
/// @check expm1(x); any in (-2, 2)
Tensor expm1(Operand x);
/// Natural logarithm; -inf at 0, NaN below 0. @grad dx = dy / x; saves x.
/// @check log(x); any in (0.3, 3)
Tensor log(Operand x);
/// log(1 + x), accurate near 0. @grad dx = dy / (1 + x); saves x.
/// @check log1p(x); any in (-0.5, 3)
Tensor log1p(Operand x);
/// @check log2(x); any in (0.3, 3)
Tensor log2(Operand x);
/// @check log10(x); any in (0.3, 3)
Tensor log10(Operand x);
/// 1 / (1 + e^-x), within 2.5 ULP for x > -87 (float64: -708). @grad dx = dy * y (1 - y); saves y.
/// @check sigmoid(x); any in (-3, 3)
Tensor sigmoid(Operand x);

// Powers.

/// Square root; NaN below 0. @grad dx = dy / (2 y); saves y.
/// @check sqrt(x); any in (0.3, 3)
Tensor sqrt(Operand x);
/// 1 / sqrt(x). @grad dx = -dy * y^3 / 2; saves y.
/// @check rsqrt(x); any in (0.3, 3)
Tensor rsqrt(Operand x);
/// x * x; integers stay integers. @grad dx = dy * 2 x; saves x.
/// @check square(x); any in (-2, 2)
Tensor square(Operand x);
/// 1 / x. @grad dx = -dy * y^2; saves y.
/// @check reciprocal(x); any in (0.3, 3)
Tensor reciprocal(Operand x);
/// base^exponent; integers stay integers. The exponents 2, 3, 1/2 and -1, given as numbers, are
/// computed by products, square roots and quotients.
/// @throws ValueError for integers to a negative power.
/// @grad dbase = dy * exponent base^(exponent - 1), 0 where exponent is 0;
///       dexponent = dy * y log(base), 0 where base is 0 and exponent >= 0; saves base, exponent
///       and y.
/// @check pow(a, b); pairs in (0.3, 3)
Tensor pow(Operand base, Operand exponent);
/// sqrt(a^2 + b^2), computed without overflow. @grad da = dy * a / y, db = dy * b / y, NaN where y
/// is 0; saves a, b and y.
/// @check hypot(a, b); pairs in (0.3, 3)
Tensor hypot(Operand a, Operand b);

/// base^exponent, with both operands converted to float64. @unchecked it is pow.
Tensor float_power(Operand base, Operand exponent);

// Trigonometric functions take and return angles in radians.

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
/// @grad dx = dy * (1 - y^2); saves y.
/// @check tanh(x); any in (-2, 2)
Tensor tanh(Operand x);
/// @check asinh(x); any in (-2, 2)
Tensor asinh(Operand x);
/// @check acosh(x); any in (1.3, 3)
Tensor acosh(Operand x);
/// @check atanh(x); any in (-0.8, 0.8)
Tensor atanh(Operand x);

// The error function erf, 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x, and erfc, 1 - erf.

/// @check erf(x); any in (-2, 2)
Tensor erf(Operand x);
/// @check erfc(x); any in (-2, 2)
Tensor erfc(Operand x);
/// The inverse of erf on (-1, 1). @grad dx = dy * sqrt(pi) / 2 e^(y^2); saves y.
/// @check erfinv(x); any in (-0.8, 0.8)
Tensor erfinv(Operand x);

// special.hpp has more special functions.

/// log |Gamma(x)|. @grad dx = dy * digamma(x); saves x.
/// @check lgamma(x); any in (0.3, 4)
Tensor lgamma(Operand x);
/// The derivative of lgamma. @grad dx = dy * polygamma(1, x); saves x.
/// @check digamma(x); any in (0.3, 4)
Tensor digamma(Operand x);
/// The nth derivative of digamma. @throws ValueError if n is negative.
/// @grad dx = dy * polygamma(n + 1, x); saves x.
/// @check polygamma(2, x); any in (0.5, 4)
Tensor polygamma(int n, Operand x);
/// The modified Bessel function of the first kind of order 0. @grad dx = dy * i1(x); saves x.
/// @check i0(x); any in (-3, 3)
Tensor i0(Operand x);

// Rounding. Integers stay integers. @grad 0, except where noted.

/// @check floor(x); any in (0.1, 0.9)
Tensor floor(Operand x);
/// @check ceil(x); any in (0.1, 0.9)
Tensor ceil(Operand x);
/// @check trunc(x); any in (0.1, 0.9)
Tensor trunc(Operand x);
/// Rounds to the nearest integer; halves to the nearest even integer.
/// @check round(x); any in (0.1, 0.4)
Tensor round(Operand x);
/// a - b trunc(a / b): the remainder of a division that rounds towards 0. It has the sign of a.
/// @grad da = dy, db = -dy * trunc(a / b); saves a and b.
/// @check fmod(a, b); pairs in (0.6, 1.1)
Tensor fmod(Operand a, Operand b);
/// a - b floor(a / b): the remainder of a division that rounds down. It has the sign of b. Integers
/// stay integers. @grad da = dy, db = -dy * floor(a / b); saves a and b.
/// @check remainder(a, b); pairs in (0.6, 1.1)
Tensor remainder(Operand a, Operand b);
/// |a| with the sign of b. @grad da = dy * y / a, 0 where a is 0; saves a and y.
/// @check copysign(a, b); pairs in (0.3, 3)
Tensor copysign(Operand a, Operand b);

// Maxima and minima of two tensors. Integers stay integers.

/// The larger of a and b; NaN if either is NaN. @grad dy goes to the larger operand, half to each
/// where they are equal; saves a and b.
/// @check maximum(a, b); pairs in (-2, 2)
Tensor maximum(Operand a, Operand b);
/// @check minimum(a, b); pairs in (-2, 2)
Tensor minimum(Operand a, Operand b);
/// The larger of a and b; if one is NaN, the other. @grad dy goes to the operand that was chosen,
/// to a where they are equal; saves a and b.
/// @check fmax(a, b); pairs in (-2, 2)
Tensor fmax(Operand a, Operand b);
/// @check fmin(a, b); pairs in (-2, 2)
Tensor fmin(Operand a, Operand b);
/// Clamps x to [min, max]; if min > max, the result is max. NaN stays NaN; integers stay integers.
/// @grad  dx = dy where min <= x <= max; elsewhere dy goes to the bound that replaced x.
/// @check clamp(x, low, high); x [3, 5], low [5] in (-2, -0.5), high [] in (0.5, 1)
Tensor clamp(Operand x, Operand min, Operand max);
/// @check clamp_min(a, b); pairs in (-2, 2)
Tensor clamp_min(Operand x, Operand min);
/// @check clamp_max(a, b); pairs in (-2, 2)
Tensor clamp_max(Operand x, Operand max);
/// Replaces NaN, inf and -inf by numbers: by default 0, the largest and the lowest finite number of
/// the dtype. @grad dx = dy, 0 where x was replaced; saves x.
/// @check nan_to_num(x, 0, 5, -5); any in (-2, 2)
Tensor nan_to_num(Operand x, double nan = 0, std::optional<double> posinf = {},
                  std::optional<double> neginf = {});

// Combinations.

/// start + weight (end - start), exact where weight is 0 or 1.
/// @check lerp(a, b, weight); a [3, 4], b [4], weight [] in (0.1, 0.9)
Tensor lerp(Operand start, Operand end, Operand weight);
/// x + value a b; integers stay integers.
/// @check addcmul(x, a, b, 0.7); x [3, 4], a [4], b [3, 1]
Tensor addcmul(Operand x, Operand a, Operand b, Operand value = 1);
/// x + value a / b
/// @check addcdiv(x, a, b, 0.7); x [3, 4], a [4], b [3, 1] in (0.5, 2)
Tensor addcdiv(Operand x, Operand a, Operand b, Operand value = 1);

}  // namespace xgrad
