// functions.hpp: the functions that formulas can call, each listed once with its derivative.
//
// lane_functions.hpp defines a function on lanes. Its row in a list below defines it on dual
// numbers, on tensors, on probes, and, for some lists, as the public op of the same name. Besides
// these functions, formulas can use + - * /, comparisons, && || !, where, max, min, and the
// functions composed of others at the end of this file.
#pragma once

#include <cmath>
#include <type_traits>

#include <xgrad/ops/formula/dual.hpp>
#include <xgrad/ops/formula/lane_functions.hpp>
#include <xgrad/ops/formula/probe.hpp>
#include <xgrad/ops/formula/traced.hpp>

namespace xgrad::detail {

// X(function, derivative in terms of x and the value y, whether integers stay integers). If the
// derivative reads only y, x is not saved.
// (Products would be taken for pointers.)
// clang-format off

// Functions and ops: elementwise.hpp declares the op of each row, which functions.cpp and functions_of_two.cpp define.
#define XGRAD_ELEMENTWISE_FUNCTIONS(X)                 \
  X(abs, sign(x), true)                                \
  X(exp, y, false)                                     \
  X(exp2, y * 0.693147180559945309, false)             \
  X(expm1, y + 1, false)                               \
  X(log, 1 / x, false)                                 \
  X(log1p, 1 / (1 + x), false)                         \
  X(log2, 1.44269504088896341 / x, false)              \
  X(log10, 0.434294481903251828 / x, false)            \
  X(sqrt, 0.5 / y, false)                              \
  X(rsqrt, -0.5 * (y * y * y), false)                  \
  X(sin, cos(x), false)                                \
  X(cos, -sin(x), false)                               \
  X(tan, 1 + y * y, false)                             \
  X(asin, rsqrt((1 - x) * (1 + x)), false)             \
  X(acos, -rsqrt((1 - x) * (1 + x)), false)            \
  X(atan, 1 / (1 + x * x), false)                      \
  X(sinh, cosh(x), false)                              \
  X(cosh, sinh(x), false)                              \
  X(tanh, 1 - y * y, false)                            \
  X(asinh, rsqrt(x * x + 1), false)                    \
  X(acosh, rsqrt((x - 1) * (x + 1)), false)            \
  X(atanh, 1 / ((1 - x) * (1 + x)), false)             \
  X(erf, 1.12837916709551257 * exp(-(x * x)), false)   \
  X(erfc, -1.12837916709551257 * exp(-(x * x)), false) \
  X(erfinv, 0.886226925452758014 * exp(y * y), false)  \
  X(lgamma, digamma(x), false)                         \
  X(digamma, polygamma(1, x), false)                   \
  X(i0, i1(x), false)                                  \
  X(sigmoid, y * (1 - y), false)                       \
  X(floor, 0, true)                                    \
  X(ceil, 0, true)                                     \
  X(trunc, 0, true)                                    \
  X(sign, 0, true)

// Functions and ops in namespace special, which special.hpp declares.
#define XGRAD_SPECIAL_FUNCTIONS(X)                         \
  X(log_ndtr, inverse_mills(x), false)                     \
  X(i0e, i1e(x) - sign(x) * y, false)                      \
  X(i1, i0(x) - where(x == 0, 0.5, y / nonzero(x)), false) \
  X(i1e, where(x == 0, 0.5, i0e(x) - y * (sign(x) + 1 / nonzero(x))), false)

// Functions of formulas alone: there is no op of the name, or it differs (softplus has options, round
// rounds halves to even, normal_cdf is the op ndtr).
#define XGRAD_OTHER_FUNCTIONS(X)                        \
  X(cbrt, 1 / (3 * (y * y)), false)                     \
  X(expm1_of_negative, y + 1, false)                    \
  X(normal_cdf, normal_pdf(x), false)                   \
  X(normal_pdf, -(x * y), false)                        \
  X(erfcinv, -0.886226925452758014 * exp(y * y), false) \
  X(inverse_mills, -y * (x + y), false)                 \
  X(tgamma, y * digamma(x), false)                      \
  X(softplus, sigmoid(x), false)                        \
  X(round, 0, true)                                     \
  X(rint, 0, true)

#define XGRAD_FORMULA_FUNCTIONS(X) \
  XGRAD_ELEMENTWISE_FUNCTIONS(X)   \
  XGRAD_SPECIAL_FUNCTIONS(X)       \
  XGRAD_OTHER_FUNCTIONS(X)
// clang-format on

// X(function, derivative for a, derivative for b), in a, b and the value y. Functions and ops.
#define XGRAD_ELEMENTWISE_FUNCTIONS_OF_TWO(X)         \
  X(atan2, b / (a * a + b * b), -a / (a * a + b * b)) \
  X(hypot, a / y, b / y)                              \
  X(copysign, where(a == 0, 0, copysign(1, a) * copysign(1, b)), 0)

// Functions of formulas alone: the ops treat integers or numbers apart.
#define XGRAD_OTHER_FUNCTIONS_OF_TWO(X)                                               \
  X(pow, where(b == 0, 0, b * pow(a, b - 1)), where(a == 0 && b >= 0, 0, y * log(a))) \
  X(fmod, 1, -trunc(a / b))                                                           \
  X(polygamma, 0, polygamma(a + 1, b))

#define XGRAD_FORMULA_FUNCTIONS_OF_TWO(X) \
  XGRAD_ELEMENTWISE_FUNCTIONS_OF_TWO(X)   \
  XGRAD_OTHER_FUNCTIONS_OF_TWO(X)

/// x, but 1 at 0: a divisor for derivatives that take another branch at 0.
template <class X>
X nonzero(const X& x) {
  return where(x == 0, X(1), x);
}

// The functions as types, by which derivatives are recorded.
namespace function {
#define XGRAD_FUNCTION_TYPE(fn, derivative, whole)                             \
  struct fn##_ {                                                               \
    static constexpr auto name = #fn;                                          \
    static constexpr auto rule = "dx = dy * (" #derivative ")";                \
    static constexpr bool integers = whole;                                    \
    template <class N>                                                         \
    static N value(const N& x) {                                               \
      return fn(x);                                                            \
    }                                                                          \
    template <class N>                                                         \
    static N slope([[maybe_unused]] const N& x, [[maybe_unused]] const N& y) { \
      return N(derivative);                                                    \
    }                                                                          \
  };
XGRAD_FORMULA_FUNCTIONS(XGRAD_FUNCTION_TYPE)
#undef XGRAD_FUNCTION_TYPE
#define XGRAD_FUNCTION_TYPE(fn, left, right)                                      \
  struct fn##_ {                                                                  \
    static constexpr auto name = #fn;                                             \
    static constexpr auto rule = "da = dy * (" #left "), db = dy * (" #right ")"; \
    template <class A, class B>                                                   \
    static auto value(const A& a, const B& b) {                                   \
      return fn(a, b);                                                            \
    }                                                                             \
    template <class N>                                                            \
    static N for_first([[maybe_unused]] const N& a, [[maybe_unused]] const N& b,  \
                       [[maybe_unused]] const N& y) {                             \
      return N(left);                                                             \
    }                                                                             \
    template <class N>                                                            \
    static N for_second([[maybe_unused]] const N& a, [[maybe_unused]] const N& b, \
                        [[maybe_unused]] const N& y) {                            \
      return N(right);                                                            \
    }                                                                             \
  };
XGRAD_FORMULA_FUNCTIONS_OF_TWO(XGRAD_FUNCTION_TYPE)
#undef XGRAD_FUNCTION_TYPE
}  // namespace function

/// The kinds of numbers on which formulas run.
template <class N>
inline constexpr bool is_formula_number = false;
template <class T, class Width>
inline constexpr bool is_formula_number<Lane<T, Width>> = true;
template <class L, std::uint32_t A>
inline constexpr bool is_formula_number<Dual<L, A>> = true;
template <>
inline constexpr bool is_formula_number<Probe> = true;
template <>
inline constexpr bool is_formula_number<Traced> = true;
template <class N>
concept FormulaNumber = is_formula_number<N>;
/// A constant among such numbers.
template <class N>
concept Literal = std::is_arithmetic_v<N>;

#define XGRAD_FUNCTION(fn, slope_, whole)                                 \
  inline Probe fn(Probe a) { return called(a, whole ? "" : #fn); }        \
  inline Traced fn(const Traced& a) { return apply<function::fn##_>(a); } \
  template <class L, std::uint32_t A>                                     \
  Dual<L, A> fn(const Dual<L, A>& a) {                                    \
    const L y = fn(a.value);                                              \
    return chain(y, a, function::fn##_::slope(a.value, y));               \
  }
XGRAD_FORMULA_FUNCTIONS(XGRAD_FUNCTION)
#undef XGRAD_FUNCTION

#define XGRAD_FUNCTION(fn, left, right)                                                       \
  inline Probe fn(Probe a, Probe b) { return called(both(a, b), #fn); }                       \
  inline Traced fn(const Traced& a, const Traced& b) { return apply<function::fn##_>(a, b); } \
  template <class L, std::uint32_t A, std::uint32_t B>                                        \
  auto fn(const Dual<L, A>& a, const Dual<L, B>& b) {                                         \
    using F = function::fn##_;                                                                \
    const L y = fn(a.value, b.value);                                                         \
    return chain(                                                                             \
        y, a, b, [&](const L& p) { return p * F::for_first(a.value, b.value, y); },           \
        [&](const L& p) { return p * F::for_second(a.value, b.value, y); });                  \
  }                                                                                           \
  template <class T, class Width, Literal N>                                                  \
  Lane<T, Width> fn(const Lane<T, Width>& a, N b) {                                           \
    return fn(a, Lane<T, Width>(b));                                                          \
  }                                                                                           \
  template <class T, class Width, Literal N>                                                  \
  Lane<T, Width> fn(N a, const Lane<T, Width>& b) {                                           \
    return fn(Lane<T, Width>(a), b);                                                          \
  }                                                                                           \
  template <class L, std::uint32_t A, ConstantFor<L> N>                                       \
  auto fn(const Dual<L, A>& a, const N& b) {                                                  \
    return fn(a, Constant<L>(L(b)));                                                          \
  }                                                                                           \
  template <class L, std::uint32_t B, ConstantFor<L> N>                                       \
  auto fn(const N& a, const Dual<L, B>& b) {                                                  \
    return fn(Constant<L>(L(a)), b);                                                          \
  }
XGRAD_FORMULA_FUNCTIONS_OF_TWO(XGRAD_FUNCTION)
#undef XGRAD_FUNCTION

// A condition and a plain bool: `x > 0 && flag`.
template <class C, class Bool>
concept ConditionAndBool = std::is_base_of_v<Condition, C> && std::is_same_v<Bool, bool>;
template <class C, class Bool>
requires ConditionAndBool<C, Bool>
auto operator&&(const C& a, Bool b) { return a && C(b); }
template <class C, class Bool>
requires ConditionAndBool<C, Bool>
auto operator&&(Bool a, const C& b) { return C(a) && b; }
template <class C, class Bool>
requires ConditionAndBool<C, Bool>
auto operator||(const C& a, Bool b) { return a || C(b); }
template <class C, class Bool>
requires ConditionAndBool<C, Bool>
auto operator||(Bool a, const C& b) { return C(a) || b; }

// Functions composed of the others.

template <FormulaNumber X>
auto square(const X& x) {
  return x * x;
}
template <FormulaNumber X>
auto logsigmoid(const X& x) {
  return -softplus(-x);
}
/// Clamps x to two bounds. The derivative for x is also 1 at the bounds; NaN stays NaN.
template <class X, class Low, class High>
requires(FormulaNumber<X> || FormulaNumber<Low> ||
         FormulaNumber<High>) auto clamp(const X& x, const Low& low, const High& high) {
  const auto bounded = where(x >= low, x, where(x == x, low, x));
  return where(bounded <= high, bounded, where(bounded == bounded, high, bounded));
}
/// a b + c, rounded once or twice, depending on the instruction set.
template <class A, class B, class C>
requires(FormulaNumber<A> || FormulaNumber<B> || FormulaNumber<C>) auto fma(const A& a, const B& b,
                                                                            const C& c) {
  return a * b + c;
}
/// The larger of a and b; if one is NaN, the other.
template <class A, class B>
requires(FormulaNumber<A> || FormulaNumber<B>) auto fmax(const A& a, const B& b) {
  return where(b > a, b, where(a == a, a, b));
}
template <class A, class B>
requires(FormulaNumber<A> || FormulaNumber<B>) auto fmin(const A& a, const B& b) {
  return where(b < a, b, where(a == a, a, b));
}
/// a - b where it is positive, 0 elsewhere.
template <class A, class B>
requires(FormulaNumber<A> || FormulaNumber<B>) auto fdim(const A& a, const B& b) {
  return where(a <= b, 0, a - b);
}
template <FormulaNumber X>
auto isnan(const X& x) {
  return x != x;
}
template <FormulaNumber X>
auto isinf(const X& x) {
  return abs(x) == INFINITY;
}
template <FormulaNumber X>
auto isfinite(const X& x) {
  return abs(x) < INFINITY;
}
template <FormulaNumber X>
auto signbit(const X& x) {
  return copysign(1, x) < 0;
}
template <FormulaNumber X>
auto nearbyint(const X& x) {
  return rint(x);
}

// Functions of <cmath> that formulas lack. Calling one is a compile-time error that names it.
#define XGRAD_NO_FUNCTION(fn)                                                                \
  template <FormulaNumber X, class... Y>                                                     \
  X fn(const X& x, const Y&...) {                                                            \
    static_assert(sizeof(X) == 0, "formulas have no '" #fn                                   \
                                  "': compose it of the functions in "                       \
                                  "<xgrad/ops/formula/functions.hpp>, or write the op with " \
                                  "xgrad::record (docs/extending.md)");                      \
    return x;                                                                                \
  }
XGRAD_NO_FUNCTION(remainder)
XGRAD_NO_FUNCTION(remquo)
XGRAD_NO_FUNCTION(nextafter)
XGRAD_NO_FUNCTION(nexttoward)
XGRAD_NO_FUNCTION(ldexp)
XGRAD_NO_FUNCTION(scalbn)
XGRAD_NO_FUNCTION(scalbln)
XGRAD_NO_FUNCTION(frexp)
XGRAD_NO_FUNCTION(modf)
XGRAD_NO_FUNCTION(logb)
XGRAD_NO_FUNCTION(ilogb)
XGRAD_NO_FUNCTION(lround)
XGRAD_NO_FUNCTION(llround)
XGRAD_NO_FUNCTION(lrint)
XGRAD_NO_FUNCTION(llrint)
#undef XGRAD_NO_FUNCTION

}  // namespace xgrad::detail
