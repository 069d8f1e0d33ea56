#include "kernels/windows.hpp"

#include <algorithm>

#include <xgrad/graph/isa.hpp>

#include "kernels/strided_lanes.hpp"
#include "kernels/window_layout.hpp"

namespace xgrad::detail {
namespace {

bool are_apart(const WindowedAxis& axis) {
  for (std::int64_t i = 1; i < axis.count; ++i)
    if (axis.spans[i].start < axis.spans[i - 1].stop) return false;
  return true;
}
// Whether windows two elements wide lie side by side, so that no element is in two of them.
bool are_pairs(const Layout& l) {
  return l.regular.stride == 2 && l.taps[2] == 2 && l.step == 1 && are_apart(l.axes[0]) &&
         are_apart(l.axes[1]) && are_apart(l.axes[2]);
}

// dx of a plane from windows as pairs: both elements of each get what is theirs. dx is 0 before.
struct SpreadPairs {
  template <class Width, class T>
  static void run(const Layout* layout, const std::uint8_t* places, const T* dy, T* dx) {
    const Layout& l = *layout;
    const Regular& r = l.regular;
    const std::int64_t count = l.axes[2].count;
    for_window_rows(l, [&](const WindowRow& row) {
      T* const to = dx + row.first;
      const bool on_lanes = with_filled_lanes<Width, T>(r.count, [&]<class L>() {
        regular<L>(l, row, places + r.first, dy + r.first, to + r.start);
      });
      for (std::int64_t c = 0; c < count; ++c)
        if (!on_lanes || c < r.first || c >= r.first + r.count)
          to[l.axes[2].spans[c].start + l.offsets.data()[places[c]]] = dy[c];
      places += count;
      dy += count;
    });
  }

 private:
  template <class L, class T>
  static void regular(const Layout& l, const WindowRow& row, const std::uint8_t* places,
                      const T* dy, T* dx) {
    const auto spread = [&](std::int64_t place) {
      const auto first = static_cast<BitsOf<T>>(place);
      T* const to = dx + l.offsets.data()[place];
      for_filled_lanes<L>(l.regular.count, [&](std::int64_t w) {
        const typename L::Bits at = load_bytes<sizeof(T), L::size>(places + w);
        const typename L::Vector up = L::load(dy + w).v, none{};
        store_in_turns(L(typename L::Vector(at == first ? up : none)),
                       L(typename L::Vector(at == first + 1 ? up : none)), to + 2 * w);
      });
    };
    for (std::int64_t i = 0; i < row.outer; ++i)
      for (std::int64_t j = 0; j < row.rows; ++j) spread(2 * (i * l.taps[1] + j));
  }
};

template <class T, class Place>
void add_in_plane(const Layout& l, const Place* places, const T* dy, T* dx) {
  const std::int64_t* const offsets = l.offsets.data();
  for_windows(l, [=](std::int64_t window, std::int64_t first) {
    dx[first + offsets[places[window]]] += dy[window];
  });
}

}  // namespace

void add_at_places(DType dtype, const PlaneWindows& w, const void* places, const void* dy,
                   bool accumulate, void* dx) {
  const Layout layout(w);
  const bool pairs = !accumulate && are_pairs(layout);
  dispatch_floating(dtype, [&]<class T>() {
    with_places(w, [&]<class Place>() {
      for_planes(w, [&](std::int64_t p) {
        T* const to = static_cast<T*>(dx) + p * w.plane();
        const T* const from = static_cast<const T*>(dy) + p * w.windows();
        const Place* const at = static_cast<const Place*>(places) + p * w.windows();
        if (!accumulate) std::fill_n(to, w.plane(), T(0));
        if constexpr (sizeof(Place) == 1)
          if (pairs)
            return run_best<SpreadPairs, const Layout*, const Place*, const T*, T*>(&layout, at,
                                                                                    from, to);
        add_in_plane(layout, at, from, to);
      });
    });
  });
}

}  // namespace xgrad::detail
