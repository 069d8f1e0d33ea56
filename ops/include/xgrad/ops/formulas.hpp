// formulas.hpp: ops that consist of one formula. To add one, add a row to a list below. The row
// declares and defines the op, and adds its tests and its line in docs/ops.md.
//
// Shapes broadcast. Operands are float32 or float64; integers are converted to float32. The
// derivatives are derived from the formulas.
#pragma once

#include <xgrad/graph/operand.hpp>

// clang-format off
// X(op, lower and upper bound of x in tests, description, formula in x)
#define XGRAD_FORMULAS(X) \
  X(tanhshrink, -3, 3, "x - tanh(x)", \
    x - tanh(x)) \
  X(deg2rad, -90, 90, "degrees to radians", \
    x * 0.0174532925199432958) \
  X(rad2deg, -2, 2, "radians to degrees", \
    x * 57.2957795130823209) \
  X(frac, 0.1, 0.9, "the fractional part x - trunc(x), with the sign of x", \
    x - trunc(x)) \
  X(relu6, 0.1, 5.9, "x clamped to [0, 6]; the gradient at the bounds is 0", \
    where(x <= 0, 0, where(x >= 6, 6, x))) \
  X(squareplus, -3, 3, "a smooth relu without exp: (x + sqrt(x^2 + 4)) / 2 (Barron, 2021)", \
    0.5 * (x + sqrt(x * x + 4))) \
  X(log1mexp, 0.1, 3, "log(1 - exp(-x)) for x > 0, exact at both ends (Maechler, 2012)", \
    where(x < 0.693147180559945309, log(-expm1(-x)), log1p(-exp(-x)))) \
  X(ndtr, -3, 3, "the cumulative distribution function of the standard normal distribution", \
    normal_cdf(x)) \
  X(ndtri, 0.1, 0.9, "the inverse of ndtr", \
    -1.41421356237309505 * erfcinv(2 * x))

// X(op, lower and upper bound of a and b in tests, description, formula in a and b)
#define XGRAD_FORMULAS_OF_TWO(X) \
  X(ldexp, -2, 2, "a 2^b", \
    a * exp2(b))
// clang-format on

namespace xgrad {

#define XGRAD_DECLARE(op, low, high, what, ...) Tensor op(Operand x);
XGRAD_FORMULAS(XGRAD_DECLARE)
#undef XGRAD_DECLARE
#define XGRAD_DECLARE(op, low, high, what, ...) Tensor op(Operand a, Operand b);
XGRAD_FORMULAS_OF_TWO(XGRAD_DECLARE)
#undef XGRAD_DECLARE

}  // namespace xgrad
