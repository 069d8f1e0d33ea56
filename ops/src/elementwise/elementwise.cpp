#include <xgrad/ops/elementwise.hpp>

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/pointwise.hpp>

#include "elementwise/broadcast_to.hpp"

namespace xgrad {
namespace {

struct Square {
  static constexpr auto name = "square";
  static constexpr auto rule = "dx = dy * 2 x";
  static constexpr bool integers = true;
  static auto value(auto x) { return x * x; }
};
struct Cube {
  static constexpr auto name = "pow";
  static constexpr bool integers = true;
  static auto value(auto x) { return x * x * x; }
};
struct Reciprocal {
  static constexpr auto name = "reciprocal";
  static constexpr auto rule = "dx = -dy * y * y";
  static auto value(auto x) { return 1 / x; }
  static auto slope(auto /*x*/, auto y) { return -(y * y); }
};
struct Maximum {
  static constexpr auto name = "maximum";
  static constexpr auto rule = "dy to the larger one, half to each if they are equal";
  static constexpr bool integers = true;
  static auto value(auto a, auto b) { return max(a, b); }
};
struct Minimum {
  static constexpr auto name = "minimum";
  static constexpr auto rule = "dy to the smaller one, half to each if they are equal";
  static constexpr bool integers = true;
  static auto value(auto a, auto b) { return min(a, b); }
};
struct Fmax {
  static constexpr auto name = "fmax";
  static constexpr bool integers = true;
  static auto value(auto a, auto b) { return fmax(a, b); }
};
struct Fmin {
  static constexpr auto name = "fmin";
  static constexpr bool integers = true;
  static auto value(auto a, auto b) { return fmin(a, b); }
};
struct Clamp {
  static constexpr auto name = "clamp";
  static constexpr bool integers = true;
  static auto value(auto x, auto low, auto high) { return clamp(x, low, high); }
};
struct ClampMin {
  static constexpr auto name = "clamp_min";
  static constexpr bool integers = true;
  static auto value(auto x, auto low) { return where(x >= low || x != x, x, low); }
};
struct ClampMax {
  static constexpr auto name = "clamp_max";
  static constexpr bool integers = true;
  static auto value(auto x, auto high) { return where(x <= high || x != x, x, high); }
};
struct Lerp {
  static constexpr auto name = "lerp";
  static auto value(auto a, auto b, auto weight) {
    const auto way = b - a;
    return where(abs(weight) < 0.5, a + weight * way, b - way * (1 - weight));
  }
};
struct Addcmul {
  static constexpr auto name = "addcmul";
  static constexpr bool integers = true;
  static auto value(auto x, auto a, auto b, auto value) { return x + value * a * b; }
};
struct Addcdiv {
  static constexpr auto name = "addcdiv";
  static auto value(auto x, auto a, auto b, auto value) { return x + value * (a / b); }
};

struct Remainder {
  static constexpr auto name = "remainder";
  static auto value(auto a, auto b) {
    const auto rest = fmod(a, b);
    return where((rest > 0 && b < 0) || (rest < 0 && b > 0), rest + b, rest);
  }
};
struct NanToNum {
  static constexpr auto name = "nan_to_num";
  double nan, positive, negative;
  auto value(auto x) const {
    return where(x != x, nan, where(x == INFINITY, positive, where(x == -INFINITY, negative, x)));
  }
};

// Integers to integer powers, by squaring.
std::int64_t integer_power(std::int64_t base, std::int64_t exponent) {
  std::uint64_t y = 1, square = static_cast<std::uint64_t>(base);
  for (; exponent > 0; exponent >>= 1, square *= square)
    if ((exponent & 1) != 0) y *= square;
  return static_cast<std::int64_t>(y);
}

Tensor integer_pow(const Operand& base, const Operand& exponent) {
  const Shape shape = broadcast_shape("pow", base, exponent);
  const Tensor b = detail::broadcast_to(base, int64, shape),
               e = detail::broadcast_to(exponent, int64, shape);
  detail::Value value = detail::Value::empty(shape, int64);
  for (std::int64_t i = 0; i < shape.numel(); ++i) {
    const std::int64_t power = e.data<std::int64_t>()[i];
    if (power < 0)
      throw ValueError(
          fmt::format("pow: integers cannot be raised to {}; convert one operand "
                      "with .to(float32)",
                      power));
    value.data<std::int64_t>()[i] = integer_power(b.data<std::int64_t>()[i], power);
  }
  return detail::constant(std::move(value));
}

// For each element of two operands that broadcast: f(a % b, b), a % b with the sign of a.
template <class F>
Tensor integer_remainders(const char* op, const Operand& a, const Operand& b, F f) {
  const Shape shape = broadcast_shape(op, a, b);
  const Tensor p = detail::broadcast_to(a, int64, shape), q = detail::broadcast_to(b, int64, shape);
  detail::Value value = detail::Value::empty(shape, int64);
  for (std::int64_t i = 0; i < shape.numel(); ++i) {
    const std::int64_t divisor = q.data<std::int64_t>()[i];
    if (divisor == 0)
      throw ValueError(fmt::format("{}: division of {} by an integer 0", op, describe(a)));
    // The smallest number over -1 would overflow.
    const std::int64_t rest = divisor == -1 ? 0 : p.data<std::int64_t>()[i] % divisor;
    value.data<std::int64_t>()[i] = f(rest, divisor);
  }
  return detail::constant(std::move(value));
}

}  // namespace

Tensor square(Operand x) { return pointwise<Square>(x); }
Tensor reciprocal(Operand x) { return pointwise<Reciprocal>(x); }
Tensor maximum(Operand a, Operand b) { return pointwise<Maximum>(a, b); }
Tensor minimum(Operand a, Operand b) { return pointwise<Minimum>(a, b); }
Tensor fmax(Operand a, Operand b) { return pointwise<Fmax>(a, b); }
Tensor fmin(Operand a, Operand b) { return pointwise<Fmin>(a, b); }
Tensor clamp(Operand x, Operand low, Operand high) { return pointwise<Clamp>(x, low, high); }
Tensor clamp_min(Operand x, Operand low) { return pointwise<ClampMin>(x, low); }
Tensor clamp_max(Operand x, Operand high) { return pointwise<ClampMax>(x, high); }
Tensor lerp(Operand a, Operand b, Operand weight) { return pointwise<Lerp>(a, b, weight); }
Tensor remainder(Operand a, Operand b) {
  const OpScope scope("remainder", a);
  if (!is_floating(a.dtype()) && !is_floating(b.dtype()))
    return integer_remainders("remainder", a, b, [](std::int64_t rest, std::int64_t divisor) {
      return rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest;
    });
  return pointwise<Remainder>(a, b);
}
Tensor fmod(Operand a, Operand b) {
  const OpScope scope("fmod", a);
  if (!is_floating(a.dtype()) && !is_floating(b.dtype()))
    return integer_remainders("fmod", a, b, [](std::int64_t rest, std::int64_t) { return rest; });
  return pointwise<detail::function::fmod_>(a, b);
}
Tensor nan_to_num(Operand x, double nan, std::optional<double> posinf,
                  std::optional<double> neginf) {
  const OpScope scope("nan_to_num", x);
  if (!is_floating(x.dtype())) return x.materialize();
  const double largest = x.dtype() == float64 ? std::numeric_limits<double>::max()
                                              : double(std::numeric_limits<float>::max());
  return pointwise(NanToNum{nan, posinf.value_or(largest), neginf.value_or(-largest)}, x);
}
Tensor float_power(Operand base, Operand exponent) {
  const OpScope scope("float_power", base);
  return pow(base.materialize(float64).to(float64), exponent.materialize(float64).to(float64));
}
Tensor addcmul(Operand x, Operand a, Operand b, Operand value) {
  return pointwise<Addcmul>(x, a, b, value);
}
Tensor addcdiv(Operand x, Operand a, Operand b, Operand value) {
  return pointwise<Addcdiv>(x, a, b, value);
}

Tensor pow(Operand base, Operand exponent) {
  const OpScope scope("pow", base);
  if (!is_floating(base.dtype()) && !is_floating(exponent.dtype()))
    return integer_pow(base, exponent);
  if (exponent.is_number() && !base.is_number() && is_floating(base.dtype())) {
    const double e = exponent.number<double>();
    if (e == 2) return pointwise<Square>(base);
    if (e == 3) return pointwise<Cube>(base);
    if (e == 0.5) return sqrt(base);
    if (e == -1) return reciprocal(base);
  }
  return pointwise<detail::function::pow_>(base, exponent);
}

}  // namespace xgrad
