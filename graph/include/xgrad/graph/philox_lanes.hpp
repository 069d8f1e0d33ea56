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

/// low, high = a[0], b[0], a[1], b[1] and so on, of vectors of 64-bit elements.
template <class V>
__attribute__((always_inline)) inline void interleave(const V& a, const V& b, V& low, V& high) {
  if constexpr (sizeof(V) == 16) {
    low = __builtin_shufflevector(a, b, 0, 2);
    high = __builtin_shufflevector(a, b, 1, 3);
  } else if constexpr (sizeof(V) == 32) {
    low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  } else {
    low = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    high = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  }
}

/// How many positions PhiloxLanes takes at once: two vectors of them, whose instructions run beside
/// each other.
template <class Width>
inline constexpr int philox_positions = 2 * Width::bytes / 8;

/// The stream of a seed.
template <class Width>
class PhiloxLanes {
 public:
  using V = WideWords<Width>;

  __attribute__((always_inline)) explicit PhiloxLanes(std::uint64_t seed) {
    // Sums of vectors: g++ 12 -O3 stores two running numbers wrong that are spread over vectors.
    V k0 = V{} + seed, k1 = V{} + (seed >> 32);
    for (int round = 0; round < 10; ++round, k0 += 0x9E3779B9, k1 += 0xBB67AE85) {
      key_[round][0] = k0;
      key_[round][1] = k1;
    }
  }

  /// words[u][j] holds word j of what `philox` gives at the positions from counter + u size on, in
  /// the lower halves.
  __attribute__((always_inline)) void at(std::uint64_t counter, V (&words)[2][4]) const {
    V step = {};
    for (int k = 0; k < size; ++k) step[k] = static_cast<std::uint64_t>(k);
    const V first = V{} + 0xD2511F53, second = V{} + 0xCD9E8D57;
    for (int u = 0; u < 2; ++u) {
      V(&w)[4] = words[u];
      w[0] = step + (counter + static_cast<std::uint64_t>(u * size));
      w[1] = w[0] >> 32;
      w[2] = w[3] = V{};
    }
    for (int round = 0; round < 10; ++round)
      for (int u = 0; u < 2; ++u) {
        V(&w)[4] = words[u];
        V p{}, q{};
        multiply_words(first, w[0], p);
        multiply_words(second, w[2], q);
        w[0] = (q >> 32) ^ w[1] ^ key_[round][0];
        w[1] = q;
        w[2] = (p >> 32) ^ w[3] ^ key_[round][1];
        w[3] = p;
      }
  }

  /// pairs[v] = the words of all positions as they follow one another, size 64-bit pairs each: word
  /// j of position counter + k is half j % 2 of pair 2 k + j / 2.
  __attribute__((always_inline)) void pairs_at(std::uint64_t counter, V (&pairs)[4]) const {
    V words[2][4];
    at(counter, words);
    const V low = V{} + 0xFFFFFFFF;
    for (int u = 0; u < 2; ++u) {
      const V(&w)[4] = words[u];
      interleave<V>((w[0] & low) | (w[1] << 32), (w[2] & low) | (w[3] << 32), pairs[2 * u],
                    pairs[2 * u + 1]);
    }
  }

  /// words[4 k + j] = word j at position counter + k.
  __attribute__((always_inline)) void words_at(std::uint64_t counter, std::uint32_t* words) const {
    V pairs[4];
    pairs_at(counter, pairs);
    std::memcpy(words, pairs, sizeof pairs);
  }

 private:
  static constexpr int size = Width::bytes / 8;
  V key_[10][2];
};

}  // namespace xgrad::detail
