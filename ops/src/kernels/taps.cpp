#include "kernels/taps.hpp"

#include <algorithm>

#include <xgrad/graph/parallel.hpp>

namespace xgrad::detail {
namespace {

// Calls f(T, first block, last) for blocks of lines that share a first index.
template <class F>
void for_blocks(const AxisSplit& s, const TapMap& map, F f) {
  const std::int64_t work = std::max<std::int64_t>(1, map.rows * s.inner * map.taps);
  parallel_ranges(s.outer, std::max<std::int64_t>(1, parallel_grain / work), f);
}

}  // namespace

void apply_taps(DType dtype, const AxisSplit& s, const TapMap& map, const void* x, void* y) {
  dispatch_floating(dtype, [&]<class T>() {
    for_blocks(s, map, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t o = begin; o < end; ++o)
        for (std::int64_t i = 0; i < map.rows; ++i) {
          T* const to = static_cast<T*>(y) + (o * map.rows + i) * s.inner;
          std::fill_n(to, s.inner, T(0));
          for (std::int64_t t = i * map.taps; t < (i + 1) * map.taps; ++t) {
            if (map.at[t] < 0) continue;
            const T* const from = static_cast<const T*>(x) + (o * s.size + map.at[t]) * s.inner;
            const T w = static_cast<T>(map.weight[t]);
            for (std::int64_t j = 0; j < s.inner; ++j) to[j] += w * from[j];
          }
        }
    });
  });
}

void apply_taps_transposed(DType dtype, const AxisSplit& s, const TapMap& map, const void* y,
                           void* x) {
  dispatch_floating(dtype, [&]<class T>() {
    for_blocks(s, map, [&](std::int64_t begin, std::int64_t end) {
      std::fill_n(static_cast<T*>(x) + begin * s.size * s.inner, (end - begin) * s.size * s.inner,
                  T(0));
      for (std::int64_t o = begin; o < end; ++o)
        for (std::int64_t i = 0; i < map.rows; ++i) {
          const T* const from = static_cast<const T*>(y) + (o * map.rows + i) * s.inner;
          for (std::int64_t t = i * map.taps; t < (i + 1) * map.taps; ++t) {
            if (map.at[t] < 0) continue;
            T* const to = static_cast<T*>(x) + (o * s.size + map.at[t]) * s.inner;
            const T w = static_cast<T>(map.weight[t]);
            for (std::int64_t j = 0; j < s.inner; ++j) to[j] += w * from[j];
          }
        }
    });
  });
}

}  // namespace xgrad::detail
