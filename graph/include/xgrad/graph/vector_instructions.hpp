// vector_instructions.hpp: instructions on vectors of floats that C++ has no expression for, or
// none that g++ 12 compiles to one instruction.
//
// Code that calls these functions is inlined into a driver of their target (isa.hpp). They take
// references, since code of other targets passes vectors by value in another way.
#pragma once

#include <cstring>

#include <xgrad/graph/isa.hpp>

namespace xgrad::detail {

template <class Width>
using FloatVector __attribute__((vector_size(Width::bytes))) = float;
using Floats4 = FloatVector<Baseline>;
using Floats8 = FloatVector<Avx2>;
using Floats16 = FloatVector<Avx512>;

// smaller: y = a < b ? a : b, which is b if one of them is NaN; larger: y = a > b ? a : b.
// store_past_caches: *to = v; `to` is aligned to the size of v.
// broadcast: y = *from in all places. (g++ 12 makes two instructions of it in an inlined kernel.)

template <class V>
__attribute__((always_inline)) inline void broadcast(const float* from, V& y) {
#if defined(XGRAD_X86) && !defined(__clang__) && defined(__OPTIMIZE__)  // else not inlined
  if constexpr (sizeof(V) == sizeof(Floats16)) {
    asm("vbroadcastss %1, %0" : "=v"(y) : "m"(*from));
    return;
  } else if constexpr (sizeof(V) == sizeof(Floats8)) {
    asm("vbroadcastss %1, %0" : "=x"(y) : "m"(*from));
    return;
  }
#endif
  asm volatile(
      "" ::
          : "memory");  // clang would load all numbers first, more than there are registers
  y = *from - V{};      // exact, also for -0, and the compiler leaves the difference out
}

#if defined(XGRAD_X86) && !defined(__clang__)

inline void smaller(const Floats4& a, const Floats4& b, Floats4& y) {
  y = __builtin_ia32_minps(a, b);
}
inline void larger(const Floats4& a, const Floats4& b, Floats4& y) {
  y = __builtin_ia32_maxps(a, b);
}
inline void store_past_caches(const Floats4& v, float* to) { __builtin_ia32_movntps(to, v); }

XGRAD_AVX2 inline void smaller(const Floats8& a, const Floats8& b, Floats8& y) {
  y = __builtin_ia32_minps256(a, b);
}
XGRAD_AVX2 inline void larger(const Floats8& a, const Floats8& b, Floats8& y) {
  y = __builtin_ia32_maxps256(a, b);
}
XGRAD_AVX2 inline void store_past_caches(const Floats8& v, float* to) {
  __builtin_ia32_movntps256(to, v);
}

// For AVX-512, the builtins take the lanes to compute, and 4 for the current rounding mode.
inline constexpr unsigned short all_lanes = 0xFFFF;
XGRAD_AVX512 inline void smaller(const Floats16& a, const Floats16& b, Floats16& y) {
  y = __builtin_ia32_minps512_mask(a, b, a, all_lanes, 4);
}
XGRAD_AVX512 inline void larger(const Floats16& a, const Floats16& b, Floats16& y) {
  y = __builtin_ia32_maxps512_mask(a, b, a, all_lanes, 4);
}
XGRAD_AVX512 inline void store_past_caches(const Floats16& v, float* to) {
  __builtin_ia32_movntps512(to, v);
}

#else  // clang compiles the expressions to the instructions

template <class V>
__attribute__((always_inline)) inline void smaller(const V& a, const V& b, V& y) {
  y = a < b ? a : b;
}
template <class V>
__attribute__((always_inline)) inline void larger(const V& a, const V& b, V& y) {
  y = a > b ? a : b;
}
template <class V>
__attribute__((always_inline)) inline void store_past_caches(const V& v, float* to) {
#ifdef __clang__
  __builtin_nontemporal_store(v, reinterpret_cast<V*>(to));
#else
  std::memcpy(to, &v, sizeof v);
#endif
}

#endif

#ifdef XGRAD_X86
/// y = a 2^n for whole n, rounded once.
XGRAD_AVX512 inline void scale_by_power(const Floats16& a, const Floats16& n, Floats16& y) {
  y = __builtin_ia32_scalefps512_mask(a, n, a, static_cast<unsigned short>(0xFFFF), 4);
}
#endif

}  // namespace xgrad::detail
