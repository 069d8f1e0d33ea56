// lane_functions.hpp: the elementary functions on lanes, from Sleef and from glibc's libmvec.
//
// Sleef's are within 1 ULP, and taken but for tanh and erfc: there libmvec's are four and more
// times as fast, within 2.5 ULP (docs/decisions/0008). docs/functions.md has the largest error of
// each. Where a library leaves C's values, it is mended here.
#pragma once

#include <limits>

#include <xgrad/graph/lanes.hpp>

namespace xgrad::detail {

// fn(lane...) by a symbol of the vector ABI, for one element type and width.
#define XGRAD_LANE_UNARY(fn, symbol, T, width, target)                                       \
  extern "C" target VectorOf<T, width::bytes>::type symbol(VectorOf<T, width::bytes>::type); \
  target inline Lane<T, width> fn(const Lane<T, width>& a) { return Lane<T, width>(symbol(a.v)); }
#define XGRAD_LANE_BINARY(fn, symbol, T, width, target)                                      \
  extern "C" target VectorOf<T, width::bytes>::type symbol(VectorOf<T, width::bytes>::type,  \
                                                           VectorOf<T, width::bytes>::type); \
  target inline Lane<T, width> fn(const Lane<T, width>& a, const Lane<T, width>& b) {        \
    return Lane<T, width>(symbol(a.v, b.v));                                                 \
  }
// Sleef's names: fn, then f4, f8, f16 or d2, d4, d8, the accuracy, the instruction set. The narrow
// ones choose theirs at run time.
#ifdef XGRAD_X86
#define XGRAD_SLEEF(arity, fn, narrow, wide)                                                  \
  XGRAD_LANE_##arity(fn, Sleef_##fn##f4##narrow, float, Baseline, ) XGRAD_LANE_##arity(       \
      fn, Sleef_##fn##d2##narrow, double,                                                     \
      Baseline, ) XGRAD_LANE_##arity(fn, Sleef_##fn##f8##wide##avx2, float, Avx2, XGRAD_AVX2) \
      XGRAD_LANE_##arity(fn, Sleef_##fn##d4##wide##avx2, double, Avx2, XGRAD_AVX2)            \
          XGRAD_LANE_##arity(fn, Sleef_##fn##f16##wide##avx512f, float, Avx512, XGRAD_AVX512) \
              XGRAD_LANE_##arity(fn, Sleef_##fn##d8##wide##avx512f, double, Avx512, XGRAD_AVX512)
#else
#define XGRAD_SLEEF(arity, fn, narrow, wide)                        \
  XGRAD_LANE_##arity(fn, Sleef_##fn##f4##narrow, float, Baseline, ) \
      XGRAD_LANE_##arity(fn, Sleef_##fn##d2##narrow, double, Baseline, )
#endif
// libmvec's names, since glibc 2.35; Sleef elsewhere.
#if defined(XGRAD_X86) && defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 35)
#define XGRAD_MVEC(fn, narrow, wide)                                   \
  XGRAD_LANE_UNARY(fn, _ZGVbN4v_##fn##f, float, Baseline, )            \
  XGRAD_LANE_UNARY(fn, _ZGVbN2v_##fn, double, Baseline, )              \
  XGRAD_LANE_UNARY(fn, _ZGVdN8v_##fn##f, float, Avx2, XGRAD_AVX2)      \
  XGRAD_LANE_UNARY(fn, _ZGVdN4v_##fn, double, Avx2, XGRAD_AVX2)        \
  XGRAD_LANE_UNARY(fn, _ZGVeN16v_##fn##f, float, Avx512, XGRAD_AVX512) \
  XGRAD_LANE_UNARY(fn, _ZGVeN8v_##fn, double, Avx512, XGRAD_AVX512)
#endif
#endif
#ifndef XGRAD_MVEC
#define XGRAD_MVEC(fn, narrow, wide) XGRAD_SLEEF(UNARY, fn, narrow, wide)
#endif

XGRAD_SLEEF(UNARY, exp, _u10, _u10)
XGRAD_SLEEF(UNARY, exp2, _u10, _u10)
XGRAD_SLEEF(UNARY, expm1, _u10, _u10)
XGRAD_SLEEF(UNARY, log, _u10, _u10)
XGRAD_SLEEF(UNARY, log2, _u10, _u10)
XGRAD_SLEEF(UNARY, log10, _u10, _u10)
XGRAD_SLEEF(UNARY, sqrt, , _)
XGRAD_SLEEF(UNARY, cbrt, _u10, _u10)
XGRAD_SLEEF(UNARY, sin, _u10, _u10)
XGRAD_SLEEF(UNARY, cos, _u10, _u10)
XGRAD_SLEEF(UNARY, tan, _u10, _u10)
XGRAD_SLEEF(UNARY, asin, _u10, _u10)
XGRAD_SLEEF(UNARY, acos, _u10, _u10)
XGRAD_SLEEF(UNARY, atan, _u10, _u10)
XGRAD_SLEEF(UNARY, atanh, _u10, _u10)
XGRAD_SLEEF(UNARY, erf, _u10, _u10)
XGRAD_SLEEF(UNARY, floor, , _)
XGRAD_SLEEF(UNARY, ceil, , _)
XGRAD_SLEEF(UNARY, trunc, , _)
XGRAD_SLEEF(UNARY, round, , _)
XGRAD_SLEEF(UNARY, rint, , _)
XGRAD_SLEEF(BINARY, atan2, _u10, _u10)
XGRAD_SLEEF(BINARY, hypot, _u05, _u05)
XGRAD_MVEC(tanh, _u10, _u10)
XGRAD_MVEC(erfc, _u15, _u15)
namespace library {  // mended below
XGRAD_SLEEF(UNARY, log1p, _u10, _u10)
XGRAD_SLEEF(BINARY, pow, _u10, _u10)
XGRAD_SLEEF(UNARY, sinh, _u10, _u10)
XGRAD_SLEEF(UNARY, cosh, _u10, _u10)
XGRAD_SLEEF(UNARY, asinh, _u10, _u10)
XGRAD_SLEEF(UNARY, acosh, _u10, _u10)
}  // namespace library

#undef XGRAD_MVEC
#undef XGRAD_SLEEF
#undef XGRAD_LANE_BINARY
#undef XGRAD_LANE_UNARY

// Sleef's inverse hyperbolic functions are infinite beyond the root of the largest number: there
// they are log(2 a), with the sign of a.
template <class L>
L inverse_hyperbolic(const L& a, const L& near) {
  const L size = abs(a), far(sizeof(typename L::Element) == 4 ? 0x1p60 : 0x1p500);
  return where(size > far, copysign(log(size) + L(0.693147180559945309), a), near);
}
// f grows like exp, and Sleef's is infinite a little early: f(a) there is e f(a - 1).
template <class L, class F>
L exponential(const L& a, F f) {
  using T = typename L::Element;
  const auto is_far = abs(a) > L(sizeof(T) == 4 ? 80 : 700);
  const L y = f(where(is_far, a - copysign(L(1), a), a));
  return where(is_far, y * L(2.71828182845904524), y);
}

/// Sleef's is infinite for the largest numbers to the power of 1.
template <class T, class Width>
Lane<T, Width> pow(const Lane<T, Width>& a, const Lane<T, Width>& b) {
  return where(b == Lane<T, Width>(1), a, library::pow(a, b));
}
/// One by one: Sleef's gives NaN for large quotients.
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
/// Sleef's is infinite near the largest numbers: there it is log1p(a / 2^64) + 64 ln 2.
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

/// 1 / sqrt(x)
template <class T, class Width>
Lane<T, Width> rsqrt(const Lane<T, Width>& a) {
  return Lane<T, Width>(1) / sqrt(a);
}
/// 1 / (1 + exp(-x)): no overflow spoils it, since exp's infinity gives 0.
template <class T, class Width>
Lane<T, Width> sigmoid(const Lane<T, Width>& a) {
  return Lane<T, Width>(1) / (Lane<T, Width>(1) + exp(-a));
}
/// log(1 + exp(x)), which exp does not overflow.
template <class T, class Width>
Lane<T, Width> softplus(const Lane<T, Width>& a) {
  return max(a, Lane<T, Width>(0)) + log1p(exp(-abs(a)));
}

// Whole numbers are what they are.
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
