// column_tiles.hpp: lines along an axis, for kernels that take a row at a time, or columns side by
// side.
#pragma once

#include <algorithm>
#include <cstdint>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/streaming.hpp>

#include "kernels/axis_split.hpp"

namespace xgrad::detail {

/// The most columns of a tile. What a kernel keeps for each of them stays in the first cache.
inline constexpr std::int64_t column_tile = 1024;

/// Calls f(begin, end) for ranges of lines, of which each lies in one piece.
template <class F>
void for_row_ranges(const AxisSplit& s, F f) {
  if (s.numel() > 0)  // or there are however many
    parallel_ranges(s.outer, std::max<std::int64_t>(1, parallel_grain / s.size), f);
}
/// Calls f(k) for each of them.
template <class F>
void for_rows(const AxisSplit& s, F f) {
  for_row_ranges(s, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) f(k);
  });
}
/// Calls f(k, whether the results go past the caches) for each of them.
template <class F>
void for_streamed_rows(const AxisSplit& s, DType dtype, F f) {
  const bool streamed = is_streamed(s.numel(), dtype);
  for_row_ranges(s, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) f(k, streamed);
    if (streamed) stream_fence();
  });
}

/// Calls f(first, line, columns) for tiles of lines that lie side by side: `first` is the first
/// element of the first of them, which is the line of that number. Element i of a line is
/// i * inner behind its first one.
template <class F>
void for_column_tiles(const AxisSplit& s, F f) {
  if (s.numel() == 0) return;
  const std::int64_t tiles = (s.inner + column_tile - 1) / column_tile;
  const std::int64_t work = s.size * std::min(s.inner, column_tile);
  parallel_ranges(s.outer * tiles, std::max<std::int64_t>(1, parallel_grain / work),
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t k = begin; k < end; ++k) {
                      const std::int64_t o = k / tiles, j = k % tiles * column_tile;
                      f(o * s.size * s.inner + j, o * s.inner + j,
                        std::min(column_tile, s.inner - j));
                    }
                  });
}

}  // namespace xgrad::detail
