#include <xgrad/ops/logic.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/sorting.hpp>

#include "elementwise/broadcast_to.hpp"

namespace xgrad {
namespace {

template <class Ask>
Tensor asked(const Operand& x, Ask ask) {
  const Tensor source = x.materialize();
  detail::Value value = detail::Value::empty(source.shape(), bool_);
  dispatch(source.dtype(), [&]<class T>() {
    const T* const from = detail::raw<T>(source);
    bool* const to = value.data<bool>();
    for (std::int64_t i = 0, n = source.numel(); i < n; ++i)
      to[i] =
          ask(static_cast<std::conditional_t<std::is_same_v<T, float>, float, double>>(from[i]));
  });
  return detail::constant(std::move(value));
}

template <class F>
Tensor bitwise(const char* op, const Operand& a, const Operand& b, F f) {
  const DType dtype = result_type({a, b});
  if (is_floating(dtype))
    throw DTypeError(
        fmt::format("{}: {} and {} must be bool or int64", op, describe(a), describe(b)));
  const Shape shape = broadcast_shape(op, a, b);
  const Tensor x = detail::broadcast_to(a, dtype, shape), y = detail::broadcast_to(b, dtype, shape);
  detail::Value value = detail::Value::empty(shape, dtype);
  const auto run = [&]<class T>() {
    for (std::int64_t i = 0, n = shape.numel(); i < n; ++i)
      value.data<T>()[i] = static_cast<T>(f(detail::raw<T>(x)[i], detail::raw<T>(y)[i]));
  };
  dtype == bool_ ? run.template operator()<bool>() : run.template operator()<std::int64_t>();
  return detail::constant(std::move(value));
}

}  // namespace

Tensor isnan(Operand x) {
  const OpScope scope("isnan", x);
  return asked(x, [](auto v) { return v != v; });
}
Tensor isinf(Operand x) {
  const OpScope scope("isinf", x);
  return asked(x, [](auto v) { return std::isinf(v); });
}
Tensor isposinf(Operand x) {
  const OpScope scope("isposinf", x);
  return asked(x, [](auto v) { return std::isinf(v) && v > 0; });
}
Tensor isneginf(Operand x) {
  const OpScope scope("isneginf", x);
  return asked(x, [](auto v) { return std::isinf(v) && v < 0; });
}
Tensor isfinite(Operand x) {
  const OpScope scope("isfinite", x);
  return asked(x, [](auto v) { return std::isfinite(v); });
}
Tensor signbit(Operand x) {
  const OpScope scope("signbit", x);
  return asked(x, [](auto v) { return std::signbit(v); });
}

Tensor logical_xor(Operand a, Operand b) {
  const OpScope scope("logical_xor", a);
  return ne(a.materialize().to(bool_), b.materialize().to(bool_));
}
Tensor bitwise_and(Operand a, Operand b) {
  const OpScope scope("bitwise_and", a);
  return bitwise("bitwise_and", a, b, std::bit_and<>());
}
Tensor bitwise_or(Operand a, Operand b) {
  const OpScope scope("bitwise_or", a);
  return bitwise("bitwise_or", a, b, std::bit_or<>());
}
Tensor bitwise_xor(Operand a, Operand b) {
  const OpScope scope("bitwise_xor", a);
  return bitwise("bitwise_xor", a, b, std::bit_xor<>());
}
Tensor bitwise_not(Operand x) {
  const OpScope scope("bitwise_not", x);
  if (x.dtype() == bool_) return logical_not(x);
  return bitwise("bitwise_not", x, -1, std::bit_xor<>());
}

Tensor heaviside(Operand x, Operand values) {
  const OpScope scope("heaviside", x);
  const NoGrad guard;
  const Tensor source = x.materialize();
  return where(eq(x, 0), values, where(isnan(x), source, gt(x, 0).to(source.dtype())));
}

Tensor isclose(Operand a, Operand b, double rtol, double atol, Flag equal_nan) {
  const OpScope scope("isclose", a);
  const NoGrad guard;
  const Tensor x = a.materialize().to(float64), y = b.materialize().to(float64);
  const Tensor near = logical_and(isfinite(x - y), le(abs(x - y), atol + rtol * abs(y)));
  const Tensor close = logical_or(x == y, near);
  return equal_nan ? logical_or(close, logical_and(isnan(x), isnan(y))) : close;
}
bool allclose(Operand a, Operand b, double rtol, double atol, Flag equal_nan) {
  const OpScope scope("allclose", a);
  return all(isclose(a, b, rtol, atol, equal_nan)).item<bool>();
}
bool equal(const Tensor& a, const Tensor& b, Site site) {
  const OpScope scope("equal", site);
  return a.shape() == b.shape() && all(eq(a.detach(), b.detach())).item<bool>();
}
Tensor isin(Operand x, const Tensor& y) {
  const OpScope scope("isin", x);
  const NoGrad guard;
  const Tensor sorted = unique(y), source = x.materialize();
  const Tensor at = searchsorted(sorted, x), next = searchsorted(sorted, x, true);
  return logical_and(next > at, logical_not(isnan(source)));
}

}  // namespace xgrad
