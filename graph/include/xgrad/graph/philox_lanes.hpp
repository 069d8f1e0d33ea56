// philox_lanes.hpp: Philox4x32-10 at several positions at once.
#pragma once

#include <cstdint>
#include <cstring>

#include <xgrad/graph/lanes.hpp>

#ifdef XGRAD_X86
#include <immintrin.h>
#endif

namespace xgrad::detail {

/// One 32-bit number in the lower half of each 64 bits; what is in the upper halves does not
/// matter.
template <class Width>
using WideWords = typename VectorOf<std::uint64_t, Width::bytes>::type;

// product = the 64-bit products of the lower halves.
#ifdef XGRAD_X86
inline void multiply_words(const WideWords<Baseline>& a, const WideWords<Baseline>& b,
                           WideWords<Baseline>& product) {
  product = reinterpret_cast<WideWords<Baseline>>(
      _mm_mul_epu32(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
}
XGRAD_AVX2 inline void multiply_words(const WideWords<Avx2>& a, const WideWords<Avx2>& b,
                                      WideWords<Avx2>& product) {
  product = reinterpret_cast<WideWords<Avx2>>(
      _mm256_mul_epu32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
}
XGRAD_AVX512 inline void multiply_words(const WideWords<Avx512>& a, const WideWords<Avx512>& b,
                                        WideWords<Avx512>& product) {
  product = reinterpret_cast<WideWords<Avx512>>(
      _mm512_maskz_mul_epu32(0xFF, reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
}
#else
inline void multiply_words(const WideWords<Baseline>& a, const WideWords<Baseline>& b,
                           WideWords<Baseline>& product) {
  product = (a & 0xFFFFFFFF) * (b & 0xFFFFFFFF);
}
#endif

/// How many positions philox_lanes takes at once: two vectors of them, whose instructions run
/// beside each other.
template <class Width>
inline constexpr int philox_positions = 2 * Width::bytes / 8;

/// words[4 * k + j] = word j of what `philox` gives at position counter + k.
template <class Width>
__attribute__((always_inline)) inline void philox_lanes(std::uint64_t seed, std::uint64_t counter,
                                                        std::uint32_t* words) {
  using V = WideWords<Width>;
  constexpr int size = Width::bytes / 8;
  V a[2] = {}, b[2] = {}, c[2] = {}, d[2] = {};
  for (int u = 0; u < 2; ++u) {
    std::uint64_t positions[size];
    for (int k = 0; k < size; ++k)
      positions[k] = counter + static_cast<std::uint64_t>(u * size + k);
    std::memcpy(&a[u], positions, sizeof positions);
    b[u] = a[u] >> 32;
  }
  const V first = V{} + 0xD2511F53, second = V{} + 0xCD9E8D57;
  std::uint64_t k0 = seed, k1 = seed >> 32;
  for (int round = 0; round < 10; ++round, k0 += 0x9E3779B9, k1 += 0xBB67AE85)
    for (int u = 0; u < 2; ++u) {
      V p{}, q{};
      multiply_words(first, a[u], p);
      multiply_words(second, c[u], q);
      a[u] = (q >> 32) ^ b[u] ^ k0;
      b[u] = q;
      c[u] = (p >> 32) ^ d[u] ^ k1;
      d[u] = p;
    }
  const V low = V{} + 0xFFFFFFFF;
  for (int u = 0; u < 2; ++u) {
    const V ab = (a[u] & low) | (b[u] << 32), cd = (c[u] & low) | (d[u] << 32);
    for (int k = 0; k < size; ++k) {
      const std::uint64_t pair[] = {ab[k], cd[k]};
      std::memcpy(words + 4 * (u * size + k), pair, sizeof pair);
    }
  }
}

}  // namespace xgrad::detail
