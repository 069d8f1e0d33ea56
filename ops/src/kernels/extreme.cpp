#include "kernels/extreme.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include <xgrad/graph/parallel.hpp>

#include "kernels/column_tiles.hpp"
#include "kernels/lane_loops.hpp"

namespace xgrad::detail {
namespace {

template <Extreme which, class T>
bool better(T a, T b) {
  return which == Extreme::largest ? a > b : a < b;
}
// NaN is more extreme than any number, and the first one counts.
template <Extreme which, class T>
bool replaces(T now, T held) {
  return held == held && (better<which>(now, held) || now != now);
}

// The more extreme one of two lanes. There are no lanes of bool.
template <Extreme which>
struct MoreExtreme {
  template <class L>
  L operator()(const L& a, const L& b) const {
    return which == Extreme::largest ? max(a, b) : min(a, b);
  }
};

// x[0] of n elements in one piece.
template <Extreme which>
struct ExtremeOfRow {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, T* y) {
    *y = fold_row<Lane<T, Width>>(x, n, MoreExtreme<which>()).v[0];
  }
};

// y[j] of x[i * stride + j] over all i, four rows at a time.
template <Extreme which>
struct ExtremeOfColumns {
  template <class Width, class T>
  static void run(const T* x, std::int64_t rows, std::int64_t stride, std::int64_t columns, T* y) {
    using L = Lane<T, Width>;
    constexpr MoreExtreme<which> more;
    std::copy_n(x, columns, y);
    std::int64_t i = 1;
    for (; i + 4 <= rows; i += 4) {
      const T* const r = x + i * stride;
      for_lanes<L>(columns, [&](std::int64_t j, int n) {
        const L ab = more(load<L>(r, j, n), load<L>(r + stride, j, n)),
                cd = more(load<L>(r + 2 * stride, j, n), load<L>(r + 3 * stride, j, n));
        store(more(load<L>(y, j, n), more(ab, cd)), y, j, n);
      });
    }
    for (; i < rows; ++i)
      for_lanes<L>(columns, [&](std::int64_t j, int n) {
        store(more(load<L>(y, j, n), load<L>(x + i * stride, j, n)), y, j, n);
      });
  }
};

// Where in a row it is. A block is searched only where its extreme replaces the one before.
template <Extreme which>
struct PositionInRow {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, std::int64_t* at) {
    constexpr std::int64_t block = 512;
    T held = x[0];
    std::int64_t best = 0;
    for (std::int64_t i = 0; i < n && held == held; i += block) {
      const T now =
          fold_row<Lane<T, Width>>(x + i, std::min(block, n - i), MoreExtreme<which>()).v[0];
      if (replaces<which>(now, held)) best = i, held = now;
    }
    while (held == held ? x[best] != held : x[best] == x[best]) ++best;
    *at = best;
  }
};

template <Extreme which>
struct PositionsInColumns {
  template <class Width, class T>
  static void run(const T* x, std::int64_t rows, std::int64_t stride, std::int64_t columns,
                  std::int64_t* at) {
    std::array<T, column_tile> held;
    std::copy_n(x, columns, held.begin());
    std::fill_n(at, columns, 0);
    for (std::int64_t i = 1; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j) {
        const T now = x[i * stride + j];
        const bool take = replaces<which>(now, held[static_cast<std::size_t>(j)]);
        held[static_cast<std::size_t>(j)] = take ? now : held[static_cast<std::size_t>(j)];
        at[j] = take ? i : at[j];
      }
  }
};

// 1 where x is what was chosen, which is NaN for NaN; else 0.
template <class L>
L is_chosen(const L& x, const L& y) {
  return where(x == y || (x != x && y != y), L(1), L(0));
}

struct GradientOfRow {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, T y, T dy, T* dx) {
    using L = Lane<T, Width>;
    const L chosen(y);
    const T count =
        sum_lanes<L>(n, [&](std::int64_t i, int c) { return is_chosen(load<L>(x, i, c), chosen); });
    const L share(dy / count);
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      store(is_chosen(load<L>(x, i, c), chosen) * share, dx, i, c);
    });
  }
};

struct GradientOfColumns {
  template <class Width, class T>
  static void run(const T* x, std::int64_t rows, std::int64_t stride, std::int64_t columns,
                  const T* y, const T* dy, T* dx) {
    using L = Lane<T, Width>;
    std::array<T, column_tile> share{};
    T* const shares = share.data();
    for (std::int64_t i = 0; i < rows; ++i)
      for_lanes<L>(columns, [&](std::int64_t j, int n) {
        const L each = is_chosen(load<L>(x + i * stride, j, n), load<L>(y, j, n));
        store(load<L>(shares, j, n) + each, shares, j, n);
      });
    for (std::int64_t j = 0; j < columns; ++j) shares[j] = dy[j] / shares[j];
    for (std::int64_t i = 0; i < rows; ++i)
      for_lanes<L>(columns, [&](std::int64_t j, int n) {
        const L each = is_chosen(load<L>(x + i * stride, j, n), load<L>(y, j, n));
        store(each * load<L>(shares, j, n), dx + i * stride, j, n);
      });
  }
};

template <Extreme which, class T>
void extremes(const AxisSplit& s, const T* x, T* y) {
  if (s.inner == 1)
    for_rows(s, [&](std::int64_t k) {
      run_best<ExtremeOfRow<which>, const T*, std::int64_t, T*>(x + k * s.size, s.size, y + k);
    });
  else
    for_column_tiles(s, [&](std::int64_t first, std::int64_t to, std::int64_t columns) {
      run_best<ExtremeOfColumns<which>, const T*, std::int64_t, std::int64_t, std::int64_t, T*>(
          x + first, s.size, s.inner, columns, y + to);
    });
}

template <Extreme which, class T>
void positions(const AxisSplit& s, const T* x, std::int64_t* at) {
  if (s.inner == 1)
    for_rows(s, [&](std::int64_t k) {
      run_best<PositionInRow<which>, const T*, std::int64_t, std::int64_t*>(x + k * s.size, s.size,
                                                                            at + k);
    });
  else
    for_column_tiles(s, [&](std::int64_t first, std::int64_t to, std::int64_t columns) {
      run_best<PositionsInColumns<which>, const T*, std::int64_t, std::int64_t, std::int64_t,
               std::int64_t*>(x + first, s.size, s.inner, columns, at + to);
    });
}

// The elements as numbers that there are lanes of: bools as bytes.
template <class F>
void dispatch_extreme(DType dtype, Extreme which, F f) {
  dispatch(dtype, [&]<class T>() {
    using E = std::conditional_t<std::is_same_v<T, bool>, std::int8_t, T>;
    if (which == Extreme::largest)
      f.template operator()<Extreme::largest, E>();
    else
      f.template operator()<Extreme::least, E>();
  });
}

}  // namespace

void reduce_to_extreme(DType dtype, const AxisSplit& s, Extreme which, const void* x, void* y) {
  dispatch_extreme(dtype, which, [&]<Extreme kind, class T>() {
    extremes<kind>(s, static_cast<const T*>(x), static_cast<T*>(y));
  });
}

void positions_of_extremes(DType dtype, const AxisSplit& s, Extreme which, const void* x,
                           std::int64_t* at) {
  dispatch_extreme(dtype, which, [&]<Extreme kind, class T>() {
    positions<kind>(s, static_cast<const T*>(x), at);
  });
}

void extreme_gradient(DType dtype, const AxisSplit& s, const void* x, const void* y, const void* dy,
                      void* dx) {
  dispatch_floating(dtype, [&]<class T>() {
    const T *const from = static_cast<const T*>(x), *const chosen = static_cast<const T*>(y),
                   *const up = static_cast<const T*>(dy);
    T* const to = static_cast<T*>(dx);
    if (s.inner == 1)
      for_rows(s, [&](std::int64_t k) {
        run_best<GradientOfRow, const T*, std::int64_t, T, T, T*>(
            from + k * s.size, s.size, chosen[k], up[k], to + k * s.size);
      });
    else
      for_column_tiles(s, [&](std::int64_t first, std::int64_t at, std::int64_t columns) {
        run_best<GradientOfColumns, const T*, std::int64_t, std::int64_t, std::int64_t, const T*,
                 const T*, T*>(from + first, s.size, s.inner, columns, chosen + at, up + at,
                               to + first);
      });
  });
}

}  // namespace xgrad::detail
