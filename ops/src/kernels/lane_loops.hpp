// lane_loops.hpp: loops along a row whose last lane may be a part of one.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/streaming.hpp>

namespace xgrad::detail {

/// Calls f(first element, count) for each lane of a row of n; only the last may have fewer elements
/// than the lane has room for.
template <class L, class F>
void for_lanes(std::int64_t n, F f) {
  std::int64_t i = 0;
  for (; i + L::size <= n; i += L::size) f(i, L::size);  // a constant, for code without tails
  if (i < n) f(i, static_cast<int>(n - i));
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

/// Where a row of results goes: past the caches, if the results are large and the row is aligned.
template <class T>
struct RowOutput {
  RowOutput(T* row, bool large)
      : to(row),
        streamed(large && reinterpret_cast<std::uintptr_t>(row) % streaming_alignment == 0) {}

  template <class L>
  void put(const L& lane, std::int64_t i, int count) const {
    if (streamed && count == L::size)
      lane.stream(to + i);
    else
      store(lane, to, i, count);
  }

  T* to;
  bool streamed;
};

/// The sums of the lanes f(first element, count), an array of `sums` of them, over a row. Four
/// lanes of each are added up side by side.
template <class L, int sums, class F>
std::array<typename L::Element, sums> sums_of_lanes(std::int64_t n, F f) {
  std::array<L, sums> part[4];
  const auto add = [&](int to, std::int64_t i, int count) {
    const std::array<L, sums> lanes = f(i, count);
    for (int k = 0; k < sums; ++k)
      part[to][k] += count == L::size ? lanes[k] : lanes[k].first(count);
  };
  std::int64_t i = 0;
  for (; i + 4 * L::size <= n; i += 4 * L::size)
    for (int to = 0; to < 4; ++to) add(to, i + to * L::size, L::size);
  for (; i + L::size <= n; i += L::size) add(0, i, L::size);
  if (i < n) add(1, i, static_cast<int>(n - i));
  std::array<typename L::Element, sums> total;
  for (int k = 0; k < sums; ++k)
    total[k] = ((part[0][k] + part[1][k]) + (part[2][k] + part[3][k])).sum();
  return total;
}
/// The sum of the lanes f(first element, count) over a row.
template <class L, class F>
typename L::Element sum_lanes(std::int64_t n, F f) {
  return sums_of_lanes<L, 1>(
      n, [&](std::int64_t i, int count) { return std::array<L, 1>{f(i, count)}; })[0];
}
/// f of all elements of a row, in all places of a lane. f is idempotent, as max is; n > 0.
template <class L, class T, class F>
L fold_row(const T* x, std::int64_t n, F f) {
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
  if (i < n && n >= L::size)
    a = f(a, L::load(x + n - L::size));
  else
    for (; i < n; ++i) a = f(a, L(x[i]));
  return a.folded(f);
}

}  // namespace xgrad::detail
