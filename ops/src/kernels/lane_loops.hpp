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

/// The sum of the lanes f(first element, count) over a row.
template <class L, class F>
typename L::Element sum_lanes(std::int64_t n, F f) {
  L total;
  for_lanes<L>(n, [&](std::int64_t i, int count) {
    const L lane = f(i, count);
    total += count == L::size ? lane : lane.first(count);
  });
  return total.sum();
}
/// f of all elements of a row, one after the other, in four lanes. f is idempotent, as max is; n >
/// 0.
template <class L, class T, class F>
T fold_row(const T* x, std::int64_t n, F f) {
  L a(x[0]);
  std::int64_t i = 0;
  if (n >= 4 * L::size) {
    L b(a), c(a), d(a);
    for (; i + 4 * L::size <= n; i += 4 * L::size) {
      a = f(a, L::load(x + i));
      b = f(b, L::load(x + i + L::size));
      c = f(c, L::load(x + i + 2 * L::size));
      d = f(d, L::load(x + i + 3 * L::size));
    }
    a = f(f(a, b), f(c, d));
  }
  for (; i + L::size <= n; i += L::size) a = f(a, L::load(x + i));
  for (; i < n; ++i) a = f(a, L(x[i]));
  for (int k = 1; k < L::size; ++k) a = f(a, L(a.v[k]));
  return a.v[0];
}

}  // namespace xgrad::detail
