// window_layout.hpp: windows over planes as kernels walk them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/windows.hpp"

namespace xgrad::detail {

inline std::int64_t taps_of(const Span& s) {
  return s.step == 1 ? s.stop - s.start : (s.stop - s.start + s.step - 1) / s.step;
}
inline std::int64_t most_taps(const WindowedAxis& axis) {
  std::int64_t most = 0;
  for (std::int64_t i = 0; i < axis.count; ++i) most = std::max(most, taps_of(axis.spans[i]));
  return most;
}

// Windows [first, first + count) along the last axis that look at as many positions and follow each
// other at equal distances: all but those at the edges.
struct Regular {
  std::int64_t first = 0, count = 0, start = 0, stride = 0;
};
inline Regular regular_windows(const WindowedAxis& axis, std::int64_t taps) {
  Regular r;
  while (taps_of(axis.spans[r.first]) < taps) ++r.first;
  r.start = axis.spans[r.first].start;
  r.stride = r.first + 1 < axis.count ? axis.spans[r.first + 1].start - r.start : 1;
  std::int64_t last = r.first + 1;
  while (last < axis.count && taps_of(axis.spans[last]) == taps &&
         axis.spans[last].start == axis.spans[last - 1].start + r.stride)
    ++last;
  r.count = last - r.first;
  return r;
}

// The windows as kernels see them.
struct Layout {
  WindowedAxis axes[3];
  std::int64_t taps[3] = {}, step = 1;  // of the last axis
  Regular regular;
  ScratchVector<std::int64_t> offsets;  // of each place of the largest window from its first one

  explicit Layout(const PlaneWindows& w) : axes{w.axes[0], w.axes[1], w.axes[2]} {
    if (w.windows() == 0) return;
    for (int i = 0; i < 3; ++i) taps[i] = most_taps(axes[i]);
    step = axes[2].spans->step;
    regular = regular_windows(axes[2], taps[2]);
    if (all_taps() > std::numeric_limits<std::int32_t>::max()) regular.count = 0;  // see Held
    for (std::int64_t i = 0; i < taps[0]; ++i)
      for (std::int64_t j = 0; j < taps[1]; ++j) {
        const std::int64_t row =
            (i * axes[0].spans->step * axes[1].size + j * axes[1].spans->step) * axes[2].size;
        for (std::int64_t k = 0; k < taps[2]; ++k) offsets.push_back(row + k * step);
      }
  }
  std::int64_t all_taps() const { return taps[0] * taps[1] * taps[2]; }
};

// A row of windows: those with the same spans along the first two axes.
struct WindowRow {
  std::int64_t first;        // the first position of its rows in the plane
  std::int64_t outer, rows;  // how many planes and rows each window looks at
};
// Calls f(WindowRow) for each of a plane.
template <class F>
void for_window_rows(const Layout& l, F f) {
  for (std::int64_t i = 0; i < l.axes[0].count; ++i)
    for (std::int64_t j = 0; j < l.axes[1].count; ++j) {
      const Span &a = l.axes[0].spans[i], &b = l.axes[1].spans[j];
      f(WindowRow{(a.start * l.axes[1].size + b.start) * l.axes[2].size, taps_of(a), taps_of(b)});
    }
}

// Calls f(number, position of the first element) for the windows of a plane.
template <class F>
void for_windows(const Layout& l, F f) {
  std::int64_t window = 0;
  const Regular& r = l.regular;
  for_window_rows(l, [&](const WindowRow& row) {
    const auto single = [&](std::int64_t c) { f(window++, row.first + l.axes[2].spans[c].start); };
    for (std::int64_t c = 0; c < r.first; ++c) single(c);
    for (std::int64_t c = 0; c < r.count; ++c) f(window++, row.first + r.start + c * r.stride);
    for (std::int64_t c = r.first + r.count; c < l.axes[2].count; ++c) single(c);
  });
}

// Calls f(plane) for each of them.
template <class F>
void for_planes(const PlaneWindows& w, F f) {
  const std::int64_t each = std::max({std::int64_t{1}, w.plane(), w.windows()});
  parallel_ranges(w.planes, std::max<std::int64_t>(1, 8192 / each),
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t p = begin; p < end; ++p) f(p);
                  });
}

// Calls f.operator()<Place>().
template <class F>
void with_places(const PlaneWindows& w, F f) {
  if (place_bytes(w) == 1)
    f.template operator()<std::uint8_t>();
  else
    f.template operator()<std::int64_t>();
}

// Numbers are halved until they are bytes, and bytes doubled, since compilers have instructions for
// that.
template <int bytes, int n>
void store_bytes(const typename VectorOf<IntegerOf<bytes>, bytes * n>::type& from,
                 std::uint8_t* to) {
  if constexpr (bytes == 1)
    std::memcpy(to, &from, n);
  else
    store_bytes<bytes / 2, n>(
        __builtin_convertvector(from, typename VectorOf<IntegerOf<bytes / 2>, bytes / 2 * n>::type),
        to);
}
template <int bytes, int n>
typename VectorOf<IntegerOf<bytes>, bytes * n>::type load_bytes(const std::uint8_t* from) {
  using Numbers = typename VectorOf<IntegerOf<bytes>, bytes * n>::type;
  if constexpr (bytes == 2) {
    typename VectorOf<std::uint8_t, n>::type held;
    std::memcpy(&held, from, n);
    return __builtin_convertvector(held, Numbers);
  } else {
    return __builtin_convertvector(load_bytes<bytes / 2, n>(from), Numbers);
  }
}

}  // namespace xgrad::detail
