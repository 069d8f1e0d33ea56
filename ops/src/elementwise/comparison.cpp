#include <xgrad/ops/comparison.hpp>

#include <functional>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>

#include "elementwise/broadcast_to.hpp"

namespace xgrad {
namespace {

using detail::broadcast_to;

template <class Compare>
Tensor compared(const char* op, const Operand& a, const Operand& b, DType dtype, Compare compare) {
  const Shape shape = broadcast_shape(op, a, b);
  const Tensor x = broadcast_to(a, dtype, shape), y = broadcast_to(b, dtype, shape);
  detail::Value value = detail::Value::empty(shape, bool_);
  dispatch(dtype, [&]<class T>() {
    const T *p = detail::raw<T>(x), *q = detail::raw<T>(y);
    bool* const to = value.data<bool>();
    for (std::int64_t i = 0, n = shape.numel(); i < n; ++i) to[i] = compare(p[i], q[i]);
  });
  return detail::constant(std::move(value));
}

template <class Compare>
Tensor compared(const char* op, const Operand& a, const Operand& b, Compare compare) {
  return compared(op, a, b, result_type({a, b}), compare);
}

}  // namespace

Tensor eq(Operand a, Operand b) {
  const OpScope scope("eq", a);
  return compared("eq", a, b, std::equal_to<>());
}
Tensor ne(Operand a, Operand b) {
  const OpScope scope("ne", a);
  return compared("ne", a, b, std::not_equal_to<>());
}
Tensor lt(Operand a, Operand b) {
  const OpScope scope("lt", a);
  return compared("lt", a, b, std::less<>());
}
Tensor le(Operand a, Operand b) {
  const OpScope scope("le", a);
  return compared("le", a, b, std::less_equal<>());
}
Tensor gt(Operand a, Operand b) {
  const OpScope scope("gt", a);
  return compared("gt", a, b, std::greater<>());
}
Tensor ge(Operand a, Operand b) {
  const OpScope scope("ge", a);
  return compared("ge", a, b, std::greater_equal<>());
}
Tensor logical_and(Operand a, Operand b) {
  const OpScope scope("logical_and", a);
  return compared("logical_and", a, b, bool_, std::logical_and<>());
}
Tensor logical_or(Operand a, Operand b) {
  const OpScope scope("logical_or", a);
  return compared("logical_or", a, b, bool_, std::logical_or<>());
}
Tensor logical_not(Operand x) {
  const OpScope scope("logical_not", x);
  return compared("logical_not", x, false, bool_, std::equal_to<>());
}

Tensor where(const Tensor& condition, Operand a, Operand b) {
  const OpScope scope("where", a);
  if (condition.dtype() != bool_)
    throw DTypeError(fmt::format("where: the condition is {}; it must be bool, as comparisons are",
                                 detail::describe(condition)));
  const Shape branches = broadcast_shape("where", a, b);
  const std::optional<Shape> shape = detail::broadcast_of(condition.shape(), branches);
  if (!shape)
    throw ShapeError(fmt::format("where: the condition {} does not broadcast with {} and {}",
                                 detail::describe(condition), describe(a), describe(b)));
  const DType dtype = result_type({a, b});
  const Tensor c = broadcast_to(condition, bool_, *shape), x = broadcast_to(a, dtype, *shape),
               y = broadcast_to(b, dtype, *shape);
  detail::Value value = detail::Value::empty(*shape, dtype);
  dispatch(dtype, [&]<class T>() {
    const bool* const chosen = detail::raw<bool>(c);
    const T *p = detail::raw<T>(x), *q = detail::raw<T>(y);
    for (std::int64_t i = 0, n = shape->numel(); i < n; ++i)
      value.data<T>()[i] = chosen[i] ? p[i] : q[i];
  });
  return record({"where", "da = dy where the condition holds, db = dy elsewhere"},
                {condition, a, b}, std::move(value), save_input(0),
                [](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.wants(1)) dx.add(1, where(in[0], dy, 0));
                  if (dx.wants(2)) dx.add(2, where(in[0], 0, dy));
                });
}

}  // namespace xgrad
