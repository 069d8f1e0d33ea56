// lane_functions.hpp: elementary functions on lanes, from Sleef and glibc's libmvec.
//
// Most are from Sleef, within 1 ULP. exp and expm1 of floats are our own, within 1 ULP too.
// tanh and erfc are from libmvec, which is at least four times as fast for them, within 2.5 ULP
// (docs/decisions/0008). docs/functions.md lists the largest error of each function. Where a
// library does not give the values of <cmath>, this file corrects them.
#pragma once

#include <limits>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/ops/formula/float_functions.hpp>
#include <xgrad/ops/formula/lane_library.hpp>
#include <xgrad/ops/formula/special_functions.hpp>

namespace xgrad::detail {

// Defines fn(lane...) by a symbol of lane_library.hpp, for one element type and width.
#define XGRAD_BY_VALUE_UNARY(fn, symbol, T, width, target)                                   \
  extern "C" target VectorOf<T, width::bytes>::type symbol(VectorOf<T, width::bytes>::type); \
  target inline Lane<T, width> fn(const Lane<T, width>& a) { return Lane<T, width>(symbol(a.v)); }
#define XGRAD_BY_VALUE_BINARY(fn, symbol, T, width, target)                                  \
  extern "C" target VectorOf<T, width::bytes>::type symbol(VectorOf<T, width::bytes>::type,  \
                                                           VectorOf<T, width::bytes>::type); \
  target inline Lane<T, width> fn(const Lane<T, width>& a, const Lane<T, width>& b) {        \
    return Lane<T, width>(symbol(a.v, b.v));                                                 \
  }
// clang passes vectors that are wider than those of the file's instruction set in memory, whatever
// the target of the function. It therefore uses calls of the library that take pointers.
#define XGRAD_BY_POINTER_UNARY(fn, symbol, T, width, target) \
  extern "C" void xgrad_##symbol(const void* a, void* y);    \
  target inline Lane<T, width> fn(const Lane<T, width>& a) { \
    Lane<T, width> y;                                        \
    xgrad_##symbol(&a.v, &y.v);                              \
    return y;                                                \
  }
#define XGRAD_BY_POINTER_BINARY(fn, symbol, T, width, target)                         \
  extern "C" void xgrad_##symbol(const void* a, const void* b, void* y);              \
  target inline Lane<T, width> fn(const Lane<T, width>& a, const Lane<T, width>& b) { \
    Lane<T, width> y;                                                                 \
    xgrad_##symbol(&a.v, &b.v, &y.v);                                                 \
    return y;                                                                         \
  }
#ifdef __clang__
#define XGRAD_WIDE(arity) XGRAD_BY_POINTER_##arity
#else
#define XGRAD_WIDE(arity) XGRAD_BY_VALUE_##arity
#endif
// clang-format off
#ifdef XGRAD_X86
#define XGRAD_LANE_FUNCTION(arity, fn, f4, d2, f8, d4, f16, d8) \
  XGRAD_BY_VALUE_##arity(fn, f4, float, Baseline, )             \
  XGRAD_BY_VALUE_##arity(fn, d2, double, Baseline, )            \
  XGRAD_WIDE(arity)(fn, f8, float, Avx2, XGRAD_AVX2)            \
  XGRAD_WIDE(arity)(fn, d4, double, Avx2, XGRAD_AVX2)           \
  XGRAD_WIDE(arity)(fn, f16, float, Avx512, XGRAD_AVX512)       \
  XGRAD_WIDE(arity)(fn, d8, double, Avx512, XGRAD_AVX512)
#else
#define XGRAD_LANE_FUNCTION(arity, fn, f4, d2, f8, d4, f16, d8) \
  XGRAD_BY_VALUE_##arity(fn, f4, float, Baseline, )             \
  XGRAD_BY_VALUE_##arity(fn, d2, double, Baseline, )
#endif
// clang-format on

XGRAD_LANE_LIBRARY(XGRAD_LANE_FUNCTION)
namespace library {  // what functions below correct, or call for doubles
XGRAD_LANE_LIBRARY_MENDED(XGRAD_LANE_FUNCTION)
}  // namespace library

#undef XGRAD_LANE_FUNCTION
#undef XGRAD_WIDE
#undef XGRAD_BY_POINTER_BINARY
#undef XGRAD_BY_POINTER_UNARY
#undef XGRAD_BY_VALUE_BINARY
#undef XGRAD_BY_VALUE_UNARY
#undef XGRAD_LANE_LIBRARY_MENDED
#undef XGRAD_LANE_LIBRARY
#undef XGRAD_MVEC
#undef XGRAD_SLEEF

// Sleef's inverse hyperbolic functions return infinity above the square root of the largest number.
// There, this returns log(2 a), with the sign of a.
template <class L>
L inverse_hyperbolic(const L& a, const L& near) {
  const L size = abs(a), far(sizeof(typename L::Element) == 4 ? 0x1p60 : 0x1p500);
  return where(size > far, copysign(log(size) + L(0.693147180559945309), a), near);
}
// f grows like exp, and Sleef's version returns infinity slightly too early. There, this returns
// e f(a - 1).
template <class L, class F>
L exponential(const L& a, F f) {
  using T = typename L::Element;
  const auto is_far = abs(a) > L(sizeof(T) == 4 ? 80 : 700);
  const L y = f(where(is_far, a - copysign(L(1), a), a));
  return where(is_far, y * L(2.71828182845904524), y);
}

/// Sleef's version returns infinity for the largest numbers to the power of 1.
template <class T, class Width>
Lane<T, Width> pow(const Lane<T, Width>& a, const Lane<T, Width>& b) {
  return where(b == Lane<T, Width>(1), a, library::pow(a, b));
}
/// Computed element by element, because Sleef's version returns NaN for large quotients.
template <class T, class Width>
Lane<T, Width> fmod(const Lane<T, Width>& a, const Lane<T, Width>& b) {
  Lane<T, Width> y;
  for (int i = 0; i < Lane<T, Width>::size; ++i)
    if constexpr (sizeof(T) == 4)
      y.v[i] = __builtin_fmodf(a.v[i], b.v[i]);
    else
      y.v[i] = __builtin_fmod(a.v[i], b.v[i]);
  return y;
}
template <class Width>
Lane<float, Width> exp(const Lane<float, Width>& a) {
  return Lane<float, Width>(FloatFunctions<Width>::exp(a.v));
}
template <class Width>
Lane<double, Width> exp(const Lane<double, Width>& a) {
  return library::exp(a);
}
template <class Width>
Lane<float, Width> expm1(const Lane<float, Width>& a) {
  return Lane<float, Width>(FloatFunctions<Width>::expm1(a.v));
}
template <class Width>
Lane<double, Width> expm1(const Lane<double, Width>& a) {
  return library::expm1(a);
}
/// Sleef's version returns infinity near the largest number. There, this returns
/// log1p(a / 2^64) + 64 ln 2.
template <class T, class Width>
Lane<T, Width> log1p(const Lane<T, Width>& a) {
  using L = Lane<T, Width>;
  const auto is_far = a > L(sizeof(T) == 4 ? 0x1p100 : 0x1p1000);
  const L y = library::log1p(where(is_far, a * L(0x1p-64), a));
  return where(is_far, y + L(44.3614195558364998), y);
}
template <class T, class Width>
Lane<T, Width> asinh(const Lane<T, Width>& a) {
  return inverse_hyperbolic(a, library::asinh(a));
}
template <class T, class Width>
Lane<T, Width> acosh(const Lane<T, Width>& a) {
  const Lane<T, Width> near = library::acosh(a);  // NaN below 1
  return where(a < Lane<T, Width>(1), near, inverse_hyperbolic(a, near));
}
template <class T, class Width>
Lane<T, Width> sinh(const Lane<T, Width>& a) {
  return exponential(a, [](const Lane<T, Width>& x) { return library::sinh(x); });
}
template <class T, class Width>
Lane<T, Width> cosh(const Lane<T, Width>& a) {
  return exponential(a, [](const Lane<T, Width>& x) { return library::cosh(x); });
}

// Computed element by element.
#define XGRAD_ONE_BY_ONE(fn)                                                        \
  template <class T, class Width>                                                   \
  Lane<T, Width> fn(const Lane<T, Width>& a) {                                      \
    Lane<T, Width> y;                                                               \
    for (int i = 0; i < Lane<T, Width>::size; ++i) y.v[i] = T(special::fn(a.v[i])); \
    return y;                                                                       \
  }
XGRAD_ONE_BY_ONE(erfinv)
XGRAD_ONE_BY_ONE(erfcinv)
XGRAD_ONE_BY_ONE(log_ndtr)
XGRAD_ONE_BY_ONE(inverse_mills)
XGRAD_ONE_BY_ONE(lgamma)
XGRAD_ONE_BY_ONE(tgamma)
XGRAD_ONE_BY_ONE(digamma)
XGRAD_ONE_BY_ONE(i0)
XGRAD_ONE_BY_ONE(i0e)
XGRAD_ONE_BY_ONE(i1)
XGRAD_ONE_BY_ONE(i1e)
#undef XGRAD_ONE_BY_ONE
template <class T, class Width>
Lane<T, Width> polygamma(const Lane<T, Width>& n, const Lane<T, Width>& a) {
  Lane<T, Width> y;
  for (int i = 0; i < Lane<T, Width>::size; ++i) y.v[i] = T(special::polygamma(n.v[i], a.v[i]));
  return y;
}

/// x between two bounds, also where it is one; NaN if any of them is.
template <class T, class Width>
Lane<T, Width> clamp(const Lane<T, Width>& x, const Lane<T, Width>& low,
                     const Lane<T, Width>& high) {
  return min(high, max(low, x));
}
/// 1 / sqrt(x)
template <class T, class Width>
Lane<T, Width> rsqrt(const Lane<T, Width>& a) {
  return Lane<T, Width>(1) / sqrt(a);
}
/// 1 / (1 + exp(-x)). If exp(-x) overflows, the result is 0.
template <class T, class Width>
Lane<T, Width> sigmoid(const Lane<T, Width>& a) {
  return Lane<T, Width>(1) / (Lane<T, Width>(1) + exp(-a));
}
/// log(1 + exp(x)), computed without overflow.
template <class T, class Width>
Lane<T, Width> softplus(const Lane<T, Width>& a) {
  const Lane<T, Width> small = exp(-abs(a));
  if constexpr (std::is_same_v<T, float>)
    return max(a, Lane<T, Width>(0)) +
           Lane<T, Width>(FloatFunctions<Width>::log1p_of_fraction(small.v));
  else
    return max(a, Lane<T, Width>(0)) + log1p(small);
}

/// exp(x) - 1 for x <= 0. For others it is finite.
template <class Width>
Lane<float, Width> expm1_of_negative(const Lane<float, Width>& a) {
  return Lane<float, Width>(FloatFunctions<Width>::expm1_of_negative(a.v));
}
template <class Width>
Lane<double, Width> expm1_of_negative(const Lane<double, Width>& a) {
  return library::expm1(min(a, Lane<double, Width>(0)));
}
/// The density of the standard normal distribution, exp(-x^2 / 2) / sqrt(2 pi).
template <class Width>
Lane<float, Width> normal_pdf(const Lane<float, Width>& a) {
  using F = FloatFunctions<Width>;
  return Lane<float, Width>(F::gaussian(a.v, typename F::V{} + 0.398942280F));
}
template <class Width>
Lane<double, Width> normal_pdf(const Lane<double, Width>& a) {
  using L = Lane<double, Width>;
  return L(0.398942280401432678) * exp(a * a * L(-0.5));
}
/// Its integral from minus infinity to x.
template <class Width>
Lane<float, Width> normal_cdf(const Lane<float, Width>& a) {
  return Lane<float, Width>(FloatFunctions<Width>::normal_cdf(a.v));
}
template <class Width>
Lane<double, Width> normal_cdf(const Lane<double, Width>& a) {
  using L = Lane<double, Width>;
  return L(0.5) * erfc(L(-0.70710678118654752440) * a);
}

// Rounding functions return integers unchanged.
template <class Width>
Lane<std::int64_t, Width> floor(const Lane<std::int64_t, Width>& a) {
  return a;
}
template <class Width>
Lane<std::int64_t, Width> ceil(const Lane<std::int64_t, Width>& a) {
  return a;
}
template <class Width>
Lane<std::int64_t, Width> trunc(const Lane<std::int64_t, Width>& a) {
  return a;
}
template <class Width>
Lane<std::int64_t, Width> round(const Lane<std::int64_t, Width>& a) {
  return a;
}
template <class Width>
Lane<std::int64_t, Width> rint(const Lane<std::int64_t, Width>& a) {
  return a;
}

/// -1, 0 or 1; NaN for NaN.
template <class T, class Width>
Lane<T, Width> sign(const Lane<T, Width>& a) {
  using L = Lane<T, Width>;
  return where(a > L(0), L(1), where(a < L(0), L(-1), a));
}

}  // namespace xgrad::detail
