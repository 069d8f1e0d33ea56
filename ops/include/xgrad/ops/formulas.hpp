// formulas.hpp: ops that are one formula each. Their row in a list below is all there is of them:
// it declares and defines the op, and brings its tests and its line in docs/ops.md.
//
// Any shapes that broadcast; float32 or float64, integers are converted to float32. The
// derivatives come from the formula. Adding an op is adding a row.
#pragma once

#include <xgrad/graph/operand.hpp>

// clang-format off
// X(op, tests draw x from, to, what it is, formula in x)
#define XGRAD_FORMULAS(X) \
  X(tanhshrink, -3, 3, "x - tanh(x)", \
    x - tanh(x)) \
  X(deg2rad, -90, 90, "degrees to radians", \
    x * 0.0174532925199432958) \
  X(rad2deg, -2, 2, "radians to degrees", \
    x * 57.2957795130823209) \
  X(frac, 0.1, 0.9, "x - trunc(x), with the sign of x", \
    x - trunc(x)) \
  X(relu6, 0.1, 5.9, "x within [0, 6]; gradient 0 at the bounds", \
    where(x <= 0, 0, where(x >= 6, 6, x))) \
  X(squareplus, -3, 3, "a smooth relu without exp: (x + sqrt(x^2 + 4)) / 2 (Barron, 2021)", \
    0.5 * (x + sqrt(x * x + 4))) \
  X(log1mexp, 0.1, 3, "log(1 - exp(-x)) for x > 0, exact at both ends (Maechler, 2012)", \
    where(x < 0.693147180559945309, log(-expm1(-x)), log1p(-exp(-x)))) \
  X(ndtr, -3, 3, "the normal distribution's function", \
    0.5 * erfc(-0.707106781186547524 * x)) \
  X(ndtri, 0.1, 0.9, "the inverse of ndtr", \
    -1.41421356237309505 * erfcinv(2 * x))

// X(op, tests draw a and b from, to, what it is, formula in a and b)
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
