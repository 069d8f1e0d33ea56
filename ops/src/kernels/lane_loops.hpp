// lane_loops.hpp: loops along a row whose last lane may be a part of one.
#pragma once

#include <algorithm>
#include <cstdint>

#include <xgrad/graph/lanes.hpp>

namespace xgrad::detail {

/// Calls f(first element, count) for each lane of a row of n; only the last may have fewer elements
/// than the lane has room for.
template <class L, class F>
void for_lanes(std::int64_t n, F f) {
  for (std::int64_t i = 0; i < n; i += L::size)
    f(i, static_cast<int>(std::min<std::int64_t>(L::size, n - i)));
}
/// `count` elements from x[i] on, and zeros behind them.
template <class L, class T>
L load(const T* x, std::int64_t i, int count) {
  return count == L::size ? L::load(x + i) : L::load(x + i, count);
}
template <class L, class T>
void store(const L& lane, T* y, std::int64_t i, int count) {
  if (count == L::size)
    lane.store(y + i);
  else
    lane.store(y + i, count);
}

}  // namespace xgrad::detail
