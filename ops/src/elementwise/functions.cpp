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

Tensor round(Operand x) { return pointwise<detail::function::rint_>(x); }
Tensor polygamma(int n, Operand x) {
  const OpScope scope("polygamma", x);
  if (n < 0) throw ValueError(fmt::format("polygamma: n is {}; it must be at least 0", n));
  return n == 0 ? digamma(x) : pointwise<detail::function::polygamma_>(n, x);
}

}  // namespace xgrad

// Qualified, so that a row without a declaration in its header is an error.
#define XGRAD_OP(fn, slope, whole) \
  xgrad::Tensor xgrad::fn(Operand x) { return pointwise<detail::function::fn##_>(x); }
XGRAD_ELEMENTWISE_FUNCTIONS(XGRAD_OP)
#undef XGRAD_OP
#define XGRAD_OP(fn, slope, whole) \
  xgrad::Tensor xgrad::special::fn(Operand x) { return pointwise<detail::function::fn##_>(x); }
XGRAD_SPECIAL_FUNCTIONS(XGRAD_OP)
#undef XGRAD_OP
#define XGRAD_OP(fn, left, right) \
  xgrad::Tensor xgrad::fn(Operand a, Operand b) { return pointwise<detail::function::fn##_>(a, b); }
XGRAD_ELEMENTWISE_FUNCTIONS_OF_TWO(XGRAD_OP)
#undef XGRAD_OP
