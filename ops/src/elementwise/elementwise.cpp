#include <xgrad/ops/elementwise.hpp>

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/pointwise.hpp>

#include "elementwise/integer_arithmetic.hpp"

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
  static constexpr auto rule = "dy to the larger operand, half to each where they are equal";
  static constexpr bool integers = true;
  static auto value(auto a, auto b) { return max(a, b); }
};
struct Minimum {
  static constexpr auto name = "minimum";
  static constexpr auto rule = "dy to the smaller operand, half to each where they are equal";
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

double largest_finite(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return std::numeric_limits<float>::max();
    case DType::float64:
      return std::numeric_limits<double>::max();
    case DType::bool_:
    case DType::int64:
      break;
  }
  detail::throw_not_floating(dtype);
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
    return detail::integer_remainder("remainder", a, b, /*sign_of_divisor=*/true);
  return pointwise<Remainder>(a, b);
}
Tensor fmod(Operand a, Operand b) {
  const OpScope scope("fmod", a);
  if (!is_floating(a.dtype()) && !is_floating(b.dtype()))
    return detail::integer_remainder("fmod", a, b, /*sign_of_divisor=*/false);
  return pointwise<detail::function::fmod_>(a, b);
}
Tensor nan_to_num(Operand x, double nan, std::optional<double> posinf,
                  std::optional<double> neginf) {
  const OpScope scope("nan_to_num", x);
  if (!is_floating(x.dtype())) return x.materialize();
  const double largest = largest_finite(x.dtype());
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
    return detail::integer_pow(base, exponent);
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
