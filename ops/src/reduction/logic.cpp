#include <xgrad/ops/logic.hpp>

#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/counting.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/pointwise.hpp>
#include <xgrad/ops/reduction.hpp>

namespace xgrad {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Integers are asked as float32.
#define XGRAD_QUESTION(op, condition)               \
  struct op##_ {                                    \
    static constexpr auto name = #op;               \
    static auto value(auto x) { return condition; } \
  };
XGRAD_QUESTION(isnan, x != x)
XGRAD_QUESTION(isinf, abs(x) == infinity)
XGRAD_QUESTION(isposinf, x == infinity)
XGRAD_QUESTION(isneginf, x == -infinity)
XGRAD_QUESTION(isfinite, abs(x) < infinity)
XGRAD_QUESTION(signbit, copysign(1, x) < 0)
#undef XGRAD_QUESTION

#define XGRAD_BITWISE(op, symbol)                                        \
  struct op##_ {                                                         \
    static constexpr auto name = #op;                                    \
    static constexpr bool floats = false, integers = true, bools = true; \
    static auto value(auto a, auto b) { return a symbol b; }             \
  };
XGRAD_BITWISE(bitwise_and, &)
XGRAD_BITWISE(bitwise_or, |)
XGRAD_BITWISE(bitwise_xor, ^)
#undef XGRAD_BITWISE

struct LogicalXor {
  static constexpr auto name = "logical_xor";
  static constexpr bool integers = true, bools = true;
  static auto value(auto a, auto b) { return (a != 0 && b == 0) || (a == 0 && b != 0); }
};

struct IsClose {
  static constexpr auto name = "isclose";
  double rtol, atol;
  bool equal_nan;
  auto value(auto x, auto y) const {
    const auto near = abs(x - y) < infinity && abs(x - y) <= atol + rtol * abs(y);
    return x == y || near || (x != x && y != y && equal_nan);
  }
};

template <class F>
Tensor bitwise(const Operand& a, const Operand& b) {
  const OpScope scope(F::name, a);
  if (is_floating(result_type({a, b})))
    throw DTypeError(
        fmt::format("{}: {} and {} must be bool or int64", F::name, describe(a), describe(b)));
  return pointwise<F>(a, b);
}

}  // namespace

Tensor isnan(Operand x) { return pointwise<isnan_>(x); }
Tensor isinf(Operand x) { return pointwise<isinf_>(x); }
Tensor isposinf(Operand x) { return pointwise<isposinf_>(x); }
Tensor isneginf(Operand x) { return pointwise<isneginf_>(x); }
Tensor isfinite(Operand x) { return pointwise<isfinite_>(x); }
Tensor signbit(Operand x) { return pointwise<signbit_>(x); }

Tensor logical_xor(Operand a, Operand b) { return pointwise<LogicalXor>(a, b); }
Tensor bitwise_and(Operand a, Operand b) { return bitwise<bitwise_and_>(a, b); }
Tensor bitwise_or(Operand a, Operand b) { return bitwise<bitwise_or_>(a, b); }
Tensor bitwise_xor(Operand a, Operand b) { return bitwise<bitwise_xor_>(a, b); }
Tensor bitwise_not(Operand x) {
  const OpScope scope("bitwise_not", x);
  return x.dtype() == bool_ ? logical_not(x) : bitwise_xor(x, -1);
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
  const IsClose formula{rtol, atol, equal_nan};
  return pointwise(formula, a.materialize().to(float64), b.materialize().to(float64));
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
