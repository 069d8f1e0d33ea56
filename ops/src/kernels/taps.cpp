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

// Of a line in one piece.
template <class T>
void apply_to_row(const TapMap& map, const T* x, T* y) {
  for (std::int64_t i = 0; i < map.rows; ++i) {
    T sum = 0;
    for (std::int64_t t = i * map.taps; t < (i + 1) * map.taps; ++t)
      if (map.at[t] >= 0) sum += static_cast<T>(map.weight[t]) * x[map.at[t]];
    y[i] = sum;
  }
}
template <class T>
void apply_transposed_to_row(const TapMap& map, const T* y, T* x) {
  for (std::int64_t i = 0; i < map.rows; ++i)
    for (std::int64_t t = i * map.taps; t < (i + 1) * map.taps; ++t)
      if (map.at[t] >= 0) x[map.at[t]] += static_cast<T>(map.weight[t]) * y[i];
}

// Of lines side by side: a row of all of them at a time.
template <class T>
void apply_to_columns(const TapMap& map, std::int64_t inner, const T* x, T* y) {
  for (std::int64_t i = 0; i < map.rows; ++i) {
    T* const to = y + i * inner;
    std::fill_n(to, inner, T(0));
    for (std::int64_t t = i * map.taps; t < (i + 1) * map.taps; ++t) {
      if (map.at[t] < 0) continue;
      const T* const from = x + map.at[t] * inner;
      const T w = static_cast<T>(map.weight[t]);
      for (std::int64_t j = 0; j < inner; ++j) to[j] += w * from[j];
    }
  }
}
template <class T>
void apply_transposed_to_columns(const TapMap& map, std::int64_t inner, const T* y, T* x) {
  for (std::int64_t i = 0; i < map.rows; ++i)
    for (std::int64_t t = i * map.taps; t < (i + 1) * map.taps; ++t) {
      if (map.at[t] < 0) continue;
      T* const to = x + map.at[t] * inner;
      const T w = static_cast<T>(map.weight[t]);
      for (std::int64_t j = 0; j < inner; ++j) to[j] += w * y[i * inner + j];
    }
}

}  // namespace

void apply_taps(DType dtype, const AxisSplit& s, const TapMap& map, const void* x, void* y) {
  dispatch_floating(dtype, [&]<class T>() {
    for_blocks(s, map, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t o = begin; o < end; ++o) {
        const T* const from = static_cast<const T*>(x) + o * s.size * s.inner;
        T* const to = static_cast<T*>(y) + o * map.rows * s.inner;
        if (s.inner == 1)
          apply_to_row(map, from, to);
        else
          apply_to_columns(map, s.inner, from, to);
      }
    });
  });
}

void apply_taps_transposed(DType dtype, const AxisSplit& s, const TapMap& map, const void* y,
                           void* x) {
  dispatch_floating(dtype, [&]<class T>() {
    for_blocks(s, map, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t o = begin; o < end; ++o) {
        const T* const from = static_cast<const T*>(y) + o * map.rows * s.inner;
        T* const to = static_cast<T*>(x) + o * s.size * s.inner;
        std::fill_n(to, s.size * s.inner, T(0));
        if (s.inner == 1)
          apply_transposed_to_row(map, from, to);
        else
          apply_transposed_to_columns(map, s.inner, from, to);
      }
    });
  });
}

}  // namespace xgrad::detail
