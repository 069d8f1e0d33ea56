// array_arithmetic.hpp: operators between a tensor and an xtensor expression.
//
// The expression is evaluated once, to a tensor without a history; the op is recorded. The operands
// can stand in any order, and broadcast and promote as two tensors do. Errors do not name the line
// of an operator with an expression, since xtensor's operators, which these must win over, take
// any types as they are; write t + tensor(expression) for that.
#pragma once

#include <utility>

#include <xgrad/graph/array_tensor.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>

namespace xgrad {
namespace detail {

/// One is a tensor and the other an xtensor expression.
template <class A, class B>
concept TensorAndArray = (std::is_same_v<std::remove_cvref_t<A>, Tensor> && ArrayExpression<B>) ||
                         (ArrayExpression<A> && std::is_same_v<std::remove_cvref_t<B>, Tensor>);

template <class X>
decltype(auto) as_operand(X&& x) {
  if constexpr (ArrayExpression<X>)
    return tensor(std::forward<X>(x), {}, Site{});
  else
    return std::forward<X>(x);
}

}  // namespace detail

// With the parameters of xtensor's own operators, and a constraint, which makes these the better
// match.
#define XGRAD_ARRAY_OPERATOR(symbol, op)                                       \
  template <class A, class B>                                                  \
  requires detail::TensorAndArray<A, B> Tensor operator symbol(A&& a, B&& b) { \
    return op(Operand(detail::as_operand(std::forward<A>(a)), Site{}),         \
              Operand(detail::as_operand(std::forward<B>(b)), Site{}));        \
  }
XGRAD_ARRAY_OPERATOR(+, add)
XGRAD_ARRAY_OPERATOR(-, sub)
XGRAD_ARRAY_OPERATOR(*, mul)
XGRAD_ARRAY_OPERATOR(/, div)
XGRAD_ARRAY_OPERATOR(==, eq)
XGRAD_ARRAY_OPERATOR(!=, ne)
XGRAD_ARRAY_OPERATOR(<, lt)
XGRAD_ARRAY_OPERATOR(<=, le)
XGRAD_ARRAY_OPERATOR(>, gt)
XGRAD_ARRAY_OPERATOR(>=, ge)
#undef XGRAD_ARRAY_OPERATOR

// x becomes the result, as with a tensor on the right.
template <detail::ArrayExpression E>
Tensor& operator+=(Tensor& x, const E& y) {
  return x = x + y;
}
template <detail::ArrayExpression E>
Tensor& operator-=(Tensor& x, const E& y) {
  return x = x - y;
}
template <detail::ArrayExpression E>
Tensor& operator*=(Tensor& x, const E& y) {
  return x = x * y;
}
template <detail::ArrayExpression E>
Tensor& operator/=(Tensor& x, const E& y) {
  return x = x / y;
}

}  // namespace xgrad
