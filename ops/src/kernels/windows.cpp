#include "kernels/windows.hpp"

#include <algorithm>
#include <type_traits>

#include <xgrad/graph/isa.hpp>
#include <xgrad/graph/parallel.hpp>

#include "kernels/strided_lanes.hpp"
#include "kernels/window_layout.hpp"

namespace xgrad::detail {
namespace {

// The largest of the windows of one plane.
struct LargestOfPlane {
  template <class Width, class T, class Place>
  static void run(const Layout* layout, const T* plane, T* y, Place* places) {
    // g++ 12 evaluates the choice in Held element by element in lanes of 64 bytes.
    using Lanes = std::conditional_t<Width::bytes == Avx512::bytes, Avx2, Width>;
    const Layout& l = *layout;
    const Regular& r = l.regular;
    const std::int64_t count = l.axes[2].count;
    for_window_rows(l, [&](const WindowRow& row) {
      const T* const x = plane + row.first;
      const bool on_lanes = with_filled_lanes<Lanes, T>(
          r.count, [&]<class L>() { regular<L>(l, row, x, y + r.first, places); });
      const std::int64_t edge = on_lanes ? r.first : count,
                         behind = on_lanes ? r.first + r.count : count;
      for (std::int64_t c = 0; c < edge; ++c) single(l, row, c, x, y, places);
      for (std::int64_t c = behind; c < count; ++c) single(l, row, c, x, y, places);
      y += count;
      if (places != nullptr) places += count;
    });
  }

 private:
  template <class T, class Place>
  static void single(const Layout& l, const WindowRow& row, std::int64_t window, const T* x, T* y,
                     Place* places) {
    const Span& c = l.axes[2].spans[window];
    T held = x[c.start];
    std::int64_t best = 0;
    for (std::int64_t i = 0; i < row.outer; ++i)
      for (std::int64_t j = 0; j < row.rows; ++j) {
        std::int64_t place = (i * l.taps[1] + j) * l.taps[2];
        const T* const from = x + l.offsets[static_cast<std::size_t>(place)];
        for (std::int64_t k = c.start; k < c.stop; k += c.step, ++place)
          if (from[k] > held || from[k] != from[k]) [[unlikely]]  // in a long window
            held = from[k], best = place;
      }
    y[window] = held;
    if (places != nullptr) places[window] = static_cast<Place>(best);
  }

  // What a lane of windows holds: the largest so far, and its places.
  template <class L>
  struct Held {
    typename L::Vector value;
    typename L::Bits place{};

    void keep(const L& now, std::int64_t at) {
      const typename L::Bits take = (now.v > value) | (now.v != now.v);
      value = take ? now.v : value;
      place = take ? static_cast<BitsOf<typename L::Element>>(at) - typename L::Bits{} : place;
    }
  };
  template <class L, class T, class Place>
  static void regular(const Layout& l, const WindowRow& row, const T* x, T* y, Place* places) {
    const bool full = row.outer == 1 && row.rows == l.taps[1];
    if (l.regular.stride == 1)
      windows<L, 1, 0>(l, row, x, y, places);
    else if (l.regular.stride == 2 && full && l.all_taps() == 4)
      windows<L, 2, 4>(l, row, x, y, places);
    else if (l.regular.stride == 2 && full && l.all_taps() == 9)
      windows<L, 2, 9>(l, row, x, y, places);
    else if (l.regular.stride == 2)
      windows<L, 2, 0>(l, row, x, y, places);
    else
      windows<L, 0, 0>(l, row, x, y, places);
  }
  // If `taps` is not 0, it is the number of places, which are one after the other.
  template <class L, int stride, int taps, class T, class Place>
  static void windows(const Layout& l, const WindowRow& row, const T* x, T* y, Place* places) {
    const Regular& r = l.regular;
    const std::int64_t* const offsets = l.offsets.data();
    const std::int64_t outer = taps == 0 ? row.outer : 1, next = l.taps[1] * l.taps[2],
                       each = taps == 0 ? row.rows * l.taps[2] : taps;
    for_filled_lanes<L>(r.count, [&](std::int64_t w) {
      const T* const from = x + r.start + w * r.stride;
      Held<L> held{load_every<L, stride>(from, r.stride).v};
      for (std::int64_t i = 0; i < outer; ++i)
        for (std::int64_t at = i * next; at < i * next + each; ++at)
          held.keep(load_every<L, stride>(from + offsets[at], r.stride), at);
      L(held.value).store(y + w);
      if (places != nullptr) store_places<L>(held.place, places + r.first + w);
    });
  }
  template <class L, class Place>
  static void store_places(const typename L::Bits& from, Place* to) {
    if constexpr (sizeof(Place) == 1)
      store_bytes<sizeof(typename L::Element), L::size>(from, to);
    else
      for (int i = 0; i < L::size; ++i) to[i] = from[i];
  }
};

}  // namespace

std::int64_t place_bytes(const PlaneWindows& w) {
  std::int64_t taps = 1;
  for (const WindowedAxis& axis : w.axes) taps *= most_taps(axis);
  return taps <= 256 ? 1 : 8;
}

void largest_of_windows(DType dtype, const PlaneWindows& w, const void* x, void* y, void* places) {
  const Layout layout(w);
  dispatch_floating(dtype, [&]<class T>() {
    with_places(w, [&]<class Place>() {
      for_planes(w, [&](std::int64_t p) {
        const std::int64_t to = p * w.windows();
        run_best<LargestOfPlane, const Layout*, const T*, T*, Place*>(
            &layout, static_cast<const T*>(x) + p * w.plane(), static_cast<T*>(y) + to,
            places == nullptr ? nullptr : static_cast<Place*>(places) + to);
      });
    });
  });
}

void positions_of_places(const PlaneWindows& w, const void* places, bool among_all,
                         std::int64_t* at) {
  const Layout layout(w);
  with_places(w, [&]<class Place>() {
    const std::int64_t* const offsets = layout.offsets.data();
    for_planes(w, [&](std::int64_t p) {
      const std::int64_t start = among_all ? p * w.plane() : 0, to = p * w.windows();
      for_windows(layout, [&](std::int64_t window, std::int64_t first) {
        at[to + window] = start + first + offsets[static_cast<const Place*>(places)[to + window]];
      });
    });
  });
}

void positions_among_planes(std::int64_t planes, std::int64_t each, std::int64_t size,
                            std::int64_t* at) {
  const std::int64_t grain = parallel_grain / std::max<std::int64_t>(1, each);
  parallel_ranges(planes, std::max<std::int64_t>(1, grain),
                  [=](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t p = begin; p < end; ++p)
                      for (std::int64_t k = p * each; k < (p + 1) * each; ++k) at[k] += p * size;
                  });
}

}  // namespace xgrad::detail
