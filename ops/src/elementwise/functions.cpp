// The functions of one argument that formulas can call, as ops, and as differentiated formulas are
// recorded by them. Those of two arguments are in functions_of_two.cpp.
#include <xgrad/ops/formula/functions.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/special.hpp>

#include "elementwise/apply.hpp"

namespace xgrad {
namespace detail {
#define XGRAD_INSTANTIATE(fn, slope, whole) template Traced apply<function::fn##_>(const Traced&);
XGRAD_FORMULA_FUNCTIONS(XGRAD_INSTANTIATE)
#undef XGRAD_INSTANTIATE
}  // namespace detail

Tensor round(Operand x) { return pointwise<detail::function::rint_>(x); }

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
