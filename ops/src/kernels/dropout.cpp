#include "kernels/dropout.hpp"

#include <algorithm>
#include <cmath>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/philox_lanes.hpp>
#include <xgrad/graph/streaming.hpp>

#include "kernels/lane_loops.hpp"

namespace xgrad::detail {
namespace {

// Element i has word i, counted from the position `counter` on.
struct DropoutRun {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, std::uint64_t seed, std::uint64_t counter,
                  std::uint32_t bound, T scale, bool streamed, T* y) {
    using L = Lane<T, Width>;
    using Bits = typename L::Bits;
    constexpr int block = 4 * philox_positions<Width>, lanes = block / L::size;
    constexpr std::uint64_t steps = philox_positions<Width>;
    const PhiloxLanes<Width> stream(seed);
    for (std::int64_t i = 0; i < n; i += block, counter += steps) {
      WideWords<Width> pairs[4];
      stream.pairs_at(counter, pairs);
      Bits kept[lanes];
      for (int k = 0; k < 4; ++k) keep<Width>(pairs[k], bound, kept + k * (lanes / 4));
      for (int k = 0; k < lanes && i + k * L::size < n; ++k) {
        const std::int64_t at = i + k * L::size;
        const int count = static_cast<int>(std::min<std::int64_t>(L::size, n - at));
        const L scaled = load<L>(x, at, count) * L(scale);
        const L lane(
            reinterpret_cast<typename L::Vector>(reinterpret_cast<Bits>(scaled.v) & kept[k]));
        if (streamed && count == L::size)
          lane.stream(y + at);
        else
          store(lane, y, at, count);
      }
    }
  }

 private:
  // All bits of the elements whose words are not below the bound.
  template <class Width>
  static __attribute__((always_inline)) void keep(const WideWords<Width>& pairs,
                                                  std::uint32_t bound,
                                                  typename Lane<float, Width>::Bits* kept) {
    using Words = typename VectorOf<std::uint32_t, Width::bytes>::type;
    *kept = reinterpret_cast<Words>(pairs) >= in_all_places<Words>(bound);
  }
  template <class Width>
  static __attribute__((always_inline)) void keep(const WideWords<Width>& pairs,
                                                  std::uint32_t bound,
                                                  typename Lane<double, Width>::Bits* kept) {
    using V = WideWords<Width>;  // the differences are negative below the bound
    const V first = ((pairs & 0xFFFFFFFF) - bound) >> 63, second = ((pairs >> 32) - bound) >> 63;
    V low{}, high{};
    interleave<V>(first - 1, second - 1, low, high);
    kept[0] = reinterpret_cast<typename Lane<double, Width>::Bits>(low);
    kept[1] = reinterpret_cast<typename Lane<double, Width>::Bits>(high);
  }
};

}  // namespace

void dropout(DType dtype, std::int64_t n, const DropoutChoice& choice, const void* x, void* y) {
  const auto bound = static_cast<std::uint64_t>(std::ldexp(choice.p, 32));
  dispatch_floating(dtype, [&]<class T>() {
    const T* const from = static_cast<const T*>(x);
    T* const to = static_cast<T*>(y);
    if (bound >> 32 != 0) return static_cast<void>(std::fill_n(to, n, T(0)));
    const T scale = static_cast<T>(1 / (1 - choice.p));
    const bool streamed =
        is_streamed(n, dtype) && reinterpret_cast<std::uintptr_t>(to) % streaming_alignment == 0;
    parallel_ranges(n, 16384, [&](std::int64_t begin, std::int64_t end) {
      run_best<DropoutRun, const T*, std::int64_t, std::uint64_t, std::uint64_t, std::uint32_t, T,
               bool, T*>(from + begin, end - begin, choice.seed,
                         choice.counter + static_cast<std::uint64_t>(begin / 4),
                         static_cast<std::uint32_t>(bound), scale, streamed, to + begin);
      if (streamed) stream_fence();
    });
  });
}

}  // namespace xgrad::detail
