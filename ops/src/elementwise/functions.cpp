// The vocabulary of formulas as ops: those of its names, and those that differentiated formulas are
// recorded by. They share their kernels, so they share this file.
#include <xgrad/ops/formula/functions.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/pointwise.hpp>
#include <xgrad/ops/special.hpp>

namespace xgrad {
namespace detail {
namespace {

// A function's value at numbers, by the lanes that tensors would have it from.
template <class F, class... N>
double number_of(N... x) {
  using L = Lane<double, Baseline>;
  double y[L::size];
  L(F::value(L(x)...)).store(y);
  return y[0];
}
Operand operand(const Traced& x) { return x.is_number ? Operand(x.number) : Operand(x.tensor); }

}  // namespace

template <class F>
Traced apply(const Traced& a) {
  if (a.missing()) return Tensor();
  return a.is_number ? Traced(number_of<F>(a.number)) : Traced(pointwise<F>(operand(a)));
}
template <class F>
Traced apply(const Traced& a, const Traced& b) {
  if (a.missing() || b.missing()) return Tensor();
  return a.is_number && b.is_number ? Traced(number_of<F>(a.number, b.number))
                                    : Traced(pointwise<F>(operand(a), operand(b)));
}

#define XGRAD_INSTANTIATE(fn, slope, whole) template Traced apply<function::fn##_>(const Traced&);
XGRAD_FORMULA_FUNCTIONS(XGRAD_INSTANTIATE)
#undef XGRAD_INSTANTIATE
#define XGRAD_INSTANTIATE(fn, left, right) \
  template Traced apply<function::fn##_>(const Traced&, const Traced&);
XGRAD_FORMULA_FUNCTIONS_OF_TWO(XGRAD_INSTANTIATE)
#undef XGRAD_INSTANTIATE

}  // namespace detail

#define XGRAD_OP(op, fn) \
  Tensor op(Operand x) { return pointwise<detail::function::fn##_>(x); }
XGRAD_OP(abs, abs)
XGRAD_OP(exp, exp)
XGRAD_OP(exp2, exp2)
XGRAD_OP(expm1, expm1)
XGRAD_OP(log, log)
XGRAD_OP(log1p, log1p)
XGRAD_OP(log2, log2)
XGRAD_OP(log10, log10)
XGRAD_OP(sqrt, sqrt)
XGRAD_OP(rsqrt, rsqrt)
XGRAD_OP(sin, sin)
XGRAD_OP(cos, cos)
XGRAD_OP(tan, tan)
XGRAD_OP(asin, asin)
XGRAD_OP(acos, acos)
XGRAD_OP(atan, atan)
XGRAD_OP(sinh, sinh)
XGRAD_OP(cosh, cosh)
XGRAD_OP(tanh, tanh)
XGRAD_OP(asinh, asinh)
XGRAD_OP(acosh, acosh)
XGRAD_OP(atanh, atanh)
XGRAD_OP(erf, erf)
XGRAD_OP(erfc, erfc)
XGRAD_OP(erfinv, erfinv)
XGRAD_OP(lgamma, lgamma)
XGRAD_OP(digamma, digamma)
XGRAD_OP(i0, i0)
XGRAD_OP(sigmoid, sigmoid)
XGRAD_OP(floor, floor)
XGRAD_OP(ceil, ceil)
XGRAD_OP(trunc, trunc)
XGRAD_OP(round, rint)
XGRAD_OP(sign, sign)

namespace special {
XGRAD_OP(log_ndtr, log_ndtr)
XGRAD_OP(i0e, i0e)
XGRAD_OP(i1, i1)
XGRAD_OP(i1e, i1e)
}  // namespace special
#undef XGRAD_OP

Tensor atan2(Operand y, Operand x) { return pointwise<detail::function::atan2_>(y, x); }
Tensor hypot(Operand a, Operand b) { return pointwise<detail::function::hypot_>(a, b); }
Tensor polygamma(int n, Operand x) {
  const OpScope scope("polygamma", x);
  if (n < 0) throw ValueError(fmt::format("polygamma: n is {}; it must be at least 0", n));
  return n == 0 ? digamma(x) : pointwise<detail::function::polygamma_>(n, x);
}
Tensor copysign(Operand a, Operand b) { return pointwise<detail::function::copysign_>(a, b); }

}  // namespace xgrad
