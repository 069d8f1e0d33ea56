// The functions of two arguments that formulas can call, as ops, and as differentiated formulas are
// recorded by them.
#include <xgrad/ops/formula/functions.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/special.hpp>

#include "elementwise/apply.hpp"

namespace xgrad {
namespace detail {
#define XGRAD_INSTANTIATE(fn, left, right) \
  template Traced apply<function::fn##_>(const Traced&, const Traced&);
XGRAD_FORMULA_FUNCTIONS_OF_TWO(XGRAD_INSTANTIATE)
#undef XGRAD_INSTANTIATE
}  // namespace detail

Tensor polygamma(int n, Operand x) {
  const OpScope scope("polygamma", x);
  if (n < 0) throw ValueError(fmt::format("polygamma: n is {}; it must be at least 0", n));
  return n == 0 ? digamma(x) : pointwise<detail::function::polygamma_>(n, x);
}

}  // namespace xgrad

#define XGRAD_OP(fn, left, right) \
  xgrad::Tensor xgrad::fn(Operand a, Operand b) { return pointwise<detail::function::fn##_>(a, b); }
XGRAD_ELEMENTWISE_FUNCTIONS_OF_TWO(XGRAD_OP)
#undef XGRAD_OP
