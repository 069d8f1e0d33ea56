// Compiled with -ffp-contract=off: with fused products the bits would depend on the instruction
// set.
#include "tensor/random_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/philox_lanes.hpp>
#include <xgrad/graph/streaming.hpp>

namespace xgrad::detail {
namespace {

template <class Width>
using Doubles = typename VectorOf<double, Width::bytes>::type;

#ifdef XGRAD_X86
inline void take_root(Doubles<Baseline>& x) { x = _mm_sqrt_pd(x); }
XGRAD_AVX2 inline void take_root(Doubles<Avx2>& x) { x = _mm256_sqrt_pd(x); }
XGRAD_AVX512 inline void take_root(Doubles<Avx512>& x) { x = _mm512_maskz_sqrt_pd(0xFF, x); }
#else
inline void take_root(Doubles<Baseline>& x) {
  for (int k = 0; k < 2; ++k) x[k] = std::sqrt(x[k]);
}
#endif

// Functions of vectors, of the bits of doubles as V and the doubles as D. Vectors are passed by
// reference, since these functions belong to no instruction set.
template <class Width>
struct OnLanes {
  using V = WideWords<Width>;
  using D = Doubles<Width>;
  static constexpr std::uint64_t low_half = 0xFFFFFFFF, sign = std::uint64_t{1} << 63;
  static constexpr std::uint64_t one = 0x3FF0000000000000;     // the bits of 1
  static constexpr std::uint64_t large = 0x4330000000000000;   // of 2^52
  static constexpr std::uint64_t larger = 0x4480000000000000;  // of 2^73

  // The 53 upper bits of two words as a fraction. They are put behind the leading bits of 2^73 and
  // 2^52; the differences and the sum are exact.
  static __attribute__((always_inline)) void fraction(const V& high, const V& low, D& y) {
    const D upper = reinterpret_cast<D>((high & low_half) | larger) - (0x1p73 + 0x1p52);
    const D lower = reinterpret_cast<D>(((low & low_half) >> 11) | large);
    y = (upper + lower) * 0x1p-53;
  }

  // y = -log(x) for x in [2^-53, 1], within 0.9 ULP; of 1 it is +0. With x = 2^k (1 + f) and
  // s = f / (2 + f), log(1 + f) = f - f^2 / 2 + s (f^2 / 2 + ...), by the polynomial of FreeBSD's
  // e_log.c. What the sum of k log(2) and f loses is added to the rest.
  static __attribute__((always_inline)) void minus_log(const D& x, D& y) {
    const V bits = reinterpret_cast<V>(x);
    const V above = bits - 0x3FE6A09E667F3BCD + one;  // 1 + f is in [sqrt(1/2), sqrt(2))
    const D k = reinterpret_cast<D>((above >> 52) | large) - (0x1p52 + 1023);
    const D f = reinterpret_cast<D>(bits - (above & 0xFFF0000000000000) + one) - 1;
    const D s = f / (2 + f), z = s * s, w = z * z;
    const D odd = z * (6.666666666666735130e-01 +
                       w * (2.857142874366239149e-01 +
                            w * (1.818357216161805012e-01 + w * 1.479819860510658591e-01)));
    const D even = w * (3.999999999940941908e-01 +
                        w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    const D square = 0.5 * f * f, twos = k * 6.93147180369123816490e-01;
    const D rest = square - (s * (square + (odd + even)) + k * 1.90821492927058770002e-10);
    const D sum = twos + f;
    y = (rest - (f - (sum - twos))) - sum;
  }

  // sin and cos of 2 pi x for x in [0, 1), within 0.8 ULP. With the quarter turns taken off, x is
  // exact, and so are the products with numbers of few digits; what they leave is added to the rest
  // of the series.
  static __attribute__((always_inline)) void turn(const D& x, D& sine, D& cosine) {
    constexpr double round = 0x1.8p52;
    const D quarters = x * 4 + round;
    const D r = x - (quarters - round) * 0.25, z = r * r;
    const D z2 = z * z, z4 = z2 * z2;  // pairs of terms: shorter chains than Horner's
    const D sines = (81.60524927596886 + z * -76.7058597089433) +
                    z2 * (42.05868552483791 + z * -15.093830287058815) + z4 * 3.7813859205893228;
    const D s = r * ((0x1.21fb54442d184p-2 + z * -41.34170224039968) + z2 * sines) + 6 * r;
    const D upper = reinterpret_cast<D>(reinterpret_cast<V>(r) & ~(V{} + 0x7FFFFFFF));
    const D square = upper * upper * 19.75, near = 1 - square;
    const D series = (64.9393940226682 + z * -85.45681720660279) +
                     z2 * (60.2446413424593 + z * -26.426252110769937) +
                     z4 * (7.90314500414306 + z * -1.697786258825899);
    const D rest = (z * 0x1.619b20dd10d2ep-7 + z2 * series) - (r - upper) * (r + upper) * 19.75;
    const D c = near + (((1 - near) - square) + rest);
    const V q = reinterpret_cast<V>(quarters);
    const V both = reinterpret_cast<V>(s), other = reinterpret_cast<V>(c);
    const V swapped = (both ^ other) & (V{} - (q & 1));
    sine = reinterpret_cast<D>((both ^ swapped) ^ ((q << 62) & sign));
    cosine = reinterpret_cast<D>((other ^ swapped) ^ (((q + 1) << 62) & sign));
  }
};

// `count` elements of a block, past the caches if `streamed`.
template <class Width, class T, int n>
__attribute__((always_inline)) inline void put(const T (&made)[n], std::int64_t count,
                                               bool streamed, T* to) {
  using L = Lane<T, Width>;
  if (count < n) return static_cast<void>(std::copy_n(made, std::max<std::int64_t>(0, count), to));
  for (int i = 0; i < n; i += L::size)
    if (streamed)
      L::load(made + i).stream(to + i);
    else
      L::load(made + i).store(to + i);
}

struct UniformRun {
  template <class Width, class T>
  static void run(std::uint64_t seed, std::uint64_t counter, std::int64_t count, bool streamed,
                  T* to) {
    using V = WideWords<Width>;
    constexpr int n = 4 * Width::bytes / static_cast<int>(sizeof(T));
    constexpr std::uint64_t steps = philox_positions<Width>;
    const PhiloxLanes<Width> stream(seed);
    for (std::int64_t i = 0; i < count; i += n, counter += steps) {
      V pairs[4];
      stream.pairs_at(counter, pairs);
      alignas(64) T made[n];
      for (int v = 0; v < 4; ++v) convert<Width>(pairs[v], made + v * (n / 4));
      put<Width>(made, std::min<std::int64_t>(n, count - i), streamed, to + i);
    }
  }

 private:
  template <class Width>
  static __attribute__((always_inline)) void convert(const WideWords<Width>& pairs, float* to) {
    using Words = typename VectorOf<std::uint32_t, Width::bytes>::type;
    using Signed = typename VectorOf<std::int32_t, Width::bytes>::type;
    using Floats = typename VectorOf<float, Width::bytes>::type;
    const Signed upper = reinterpret_cast<Signed>(reinterpret_cast<Words>(pairs) >> 8);
    const Floats y = __builtin_convertvector(upper, Floats) * 0x1p-24F;
    std::memcpy(to, &y, sizeof y);
  }
  template <class Width>
  static __attribute__((always_inline)) void convert(const WideWords<Width>& pairs, double* to) {
    Doubles<Width> y{};
    OnLanes<Width>::fraction(pairs, pairs >> 32, y);
    std::memcpy(to, &y, sizeof y);
  }
};

// In three passes over a block: in each of them several elements are under way at once, while all
// of it would be one long chain of operations for each.
struct NormalRun {
  template <class Width, class T>
  static void run(std::uint64_t seed, std::uint64_t counter, std::int64_t count, bool streamed,
                  T* to) {
    using D = Doubles<Width>;
    constexpr std::int64_t size = Width::bytes / 8, vectors = 32, n = vectors * 2 * size;
    const PhiloxLanes<Width> stream(seed);
    D radius[vectors], turns[vectors];
    for (std::int64_t i = 0; i < count; i += n, counter += vectors * size) {
      const std::int64_t left = std::min(n, count - i);
      const std::int64_t used = (left + 4 * size - 1) / (4 * size) * 2;  // two vectors at a time
      for (std::int64_t v = 0; v < used; v += 2)
        draw<Width>(stream, counter + static_cast<std::uint64_t>(v * size), radius + v, turns + v);
      for (std::int64_t v = 0; v < used; ++v) {
        OnLanes<Width>::minus_log(1 - radius[v], radius[v]);
        radius[v] = radius[v] * 2;
        take_root(radius[v]);
      }
      for (std::int64_t v = 0; v < used; ++v) {
        alignas(64) T made[2 * size];
        combine<Width>(radius[v], turns[v], made);
        const std::int64_t done = v * 2 * size;
        put<Width>(made, left - done, streamed, to + i + done);
      }
    }
  }

 private:
  // Two vectors of numbers in [0, 1), which u and v begin with.
  template <class Width>
  static __attribute__((always_inline)) void draw(const PhiloxLanes<Width>& stream,
                                                  std::uint64_t counter, Doubles<Width>* u,
                                                  Doubles<Width>* v) {
    WideWords<Width> words[2][4];
    stream.at(counter, words);
    for (int k = 0; k < 2; ++k) {
      OnLanes<Width>::fraction(words[k][0], words[k][1], u[k]);
      OnLanes<Width>::fraction(words[k][2], words[k][3], v[k]);
    }
  }
  template <class Width, class T>
  static __attribute__((always_inline)) void combine(const Doubles<Width>& radius,
                                                     const Doubles<Width>& turns, T* to) {
    Doubles<Width> sine{}, cosine{}, pairs[2];
    OnLanes<Width>::turn(turns, sine, cosine);
    interleave<Doubles<Width>>(radius * cosine, radius * sine, pairs[0], pairs[1]);
    double made[2 * Width::bytes / 8];
    std::memcpy(made, pairs, sizeof made);
    for (int k = 0; k < 2 * Width::bytes / 8; ++k) to[k] = static_cast<T>(made[k]);
  }
};

// `each` numbers for each position of the stream.
template <class Run, class T>
void fill(StreamPosition from, std::int64_t count, std::int64_t each, T* to) {
  const bool streamed = is_streamed(count, dtype_of<T>) &&
                        reinterpret_cast<std::uintptr_t>(to) % streaming_alignment == 0;
  parallel_ranges(count, 4096 * each, [=](std::int64_t begin, std::int64_t end) {
    run_best<Run, std::uint64_t, std::uint64_t, std::int64_t, bool, T*>(
        from.seed, from.counter + static_cast<std::uint64_t>(begin / each), end - begin, streamed,
        to + begin);
    if (streamed) stream_fence();
  });
}

}  // namespace

void uniform_numbers(StreamPosition from, std::int64_t count, float* to) {
  fill<UniformRun>(from, count, 4, to);
}
void uniform_numbers(StreamPosition from, std::int64_t count, double* to) {
  fill<UniformRun>(from, count, 2, to);
}
void normal_numbers(StreamPosition from, std::int64_t count, float* to) {
  fill<NormalRun>(from, count, 2, to);
}
void normal_numbers(StreamPosition from, std::int64_t count, double* to) {
  fill<NormalRun>(from, count, 2, to);
}

}  // namespace xgrad::detail
