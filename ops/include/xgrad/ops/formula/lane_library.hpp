// lane_library.hpp: the symbols of the vector functions in Sleef and libmvec that lanes call.
//
// X(arity, function, its symbol for 4 floats, 2 doubles, 8 floats, 4 doubles, 16 floats, 8
// doubles).
#pragma once

#include <cstdint>

// Names in Sleef: the function, then f4, f8, f16 or d2, d4, d8, the accuracy, and the instruction
// set. The narrowest versions choose the instruction set at run time.
#define XGRAD_SLEEF(X, arity, fn, narrow, wide)                                            \
  X(arity, fn, Sleef_##fn##f4##narrow, Sleef_##fn##d2##narrow, Sleef_##fn##f8##wide##avx2, \
    Sleef_##fn##d4##wide##avx2, Sleef_##fn##f16##wide##avx512f, Sleef_##fn##d8##wide##avx512f)
// From libmvec since glibc 2.35, otherwise from Sleef.
#if defined(__x86_64__) && defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 35)
#define XGRAD_MVEC(X, fn, narrow, wide)                                          \
  X(UNARY, fn, _ZGVbN4v_##fn##f, _ZGVbN2v_##fn, _ZGVdN8v_##fn##f, _ZGVdN4v_##fn, \
    _ZGVeN16v_##fn##f, _ZGVeN8v_##fn)
#endif
#endif
#ifndef XGRAD_MVEC
#define XGRAD_MVEC(X, fn, narrow, wide) XGRAD_SLEEF(X, UNARY, fn, narrow, wide)
#endif

// clang-format off
#define XGRAD_LANE_LIBRARY(X)              \
  XGRAD_SLEEF(X, UNARY, exp2, _u10, _u10)  \
  XGRAD_SLEEF(X, UNARY, log, _u10, _u10)   \
  XGRAD_SLEEF(X, UNARY, log2, _u10, _u10)  \
  XGRAD_SLEEF(X, UNARY, log10, _u10, _u10) \
  XGRAD_SLEEF(X, UNARY, sqrt, , _)         \
  XGRAD_SLEEF(X, UNARY, cbrt, _u10, _u10)  \
  XGRAD_SLEEF(X, UNARY, sin, _u10, _u10)   \
  XGRAD_SLEEF(X, UNARY, cos, _u10, _u10)   \
  XGRAD_SLEEF(X, UNARY, tan, _u10, _u10)   \
  XGRAD_SLEEF(X, UNARY, asin, _u10, _u10)  \
  XGRAD_SLEEF(X, UNARY, acos, _u10, _u10)  \
  XGRAD_SLEEF(X, UNARY, atan, _u10, _u10)  \
  XGRAD_SLEEF(X, UNARY, atanh, _u10, _u10) \
  XGRAD_SLEEF(X, UNARY, erf, _u10, _u10)   \
  XGRAD_SLEEF(X, UNARY, floor, , _)        \
  XGRAD_SLEEF(X, UNARY, ceil, , _)         \
  XGRAD_SLEEF(X, UNARY, trunc, , _)        \
  XGRAD_SLEEF(X, UNARY, round, , _)        \
  XGRAD_SLEEF(X, UNARY, rint, , _)         \
  XGRAD_SLEEF(X, BINARY, atan2, _u10, _u10) \
  XGRAD_SLEEF(X, BINARY, hypot, _u05, _u05) \
  XGRAD_MVEC(X, tanh, _u10, _u10)          \
  XGRAD_MVEC(X, erfc, _u15, _u15)
// Functions that lane_functions.hpp corrects, or calls for doubles only.
#define XGRAD_LANE_LIBRARY_MENDED(X)       \
  XGRAD_SLEEF(X, UNARY, exp, _u10, _u10)   \
  XGRAD_SLEEF(X, UNARY, expm1, _u10, _u10) \
  XGRAD_SLEEF(X, UNARY, log1p, _u10, _u10) \
  XGRAD_SLEEF(X, UNARY, sinh, _u10, _u10)  \
  XGRAD_SLEEF(X, UNARY, cosh, _u10, _u10)  \
  XGRAD_SLEEF(X, UNARY, asinh, _u10, _u10) \
  XGRAD_SLEEF(X, UNARY, acosh, _u10, _u10) \
  XGRAD_SLEEF(X, BINARY, pow, _u10, _u10)
// clang-format on
