#include "kernels/dropout.hpp"

#include <algorithm>
#include <cmath>

#include <xgrad/graph/parallel.hpp>

#include "kernels/philox_lanes.hpp"

namespace xgrad::detail {
namespace {

// Element i has word i, counted from the position `counter` on.
struct DropoutRun {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, std::uint64_t seed, std::uint64_t counter,
                  std::uint32_t bound, T scale, T* y) {
    constexpr int block = 4 * philox_positions<Width>;
    const auto put = [&](const std::uint32_t* words, std::int64_t i, int count) {
      for (int k = 0; k < count; ++k) y[i + k] = words[k] < bound ? T(0) : x[i + k] * scale;
    };
    for (std::int64_t i = 0; i < n; i += block) {
      alignas(64) std::uint32_t words[block];
      philox_lanes<Width>(seed, counter + static_cast<std::uint64_t>(i / 4), words);
      if (n - i >= block)
        put(words, i, block);
      else
        put(words, i, static_cast<int>(n - i));
    }
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
    parallel_ranges(n, 4096, [&](std::int64_t begin, std::int64_t end) {
      run_best<DropoutRun, const T*, std::int64_t, std::uint64_t, std::uint64_t, std::uint32_t, T,
               T*>(from + begin, end - begin, choice.seed,
                   choice.counter + static_cast<std::uint64_t>(begin / 4),
                   static_cast<std::uint32_t>(bound), scale, to + begin);
    });
  });
}

}  // namespace xgrad::detail
