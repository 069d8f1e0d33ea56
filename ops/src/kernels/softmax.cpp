#include "kernels/softmax.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <xgrad/ops/formula/lane_functions.hpp>

#include "kernels/column_tiles.hpp"
#include "kernels/lane_loops.hpp"
#include "kernels/transpose.hpp"

namespace xgrad::detail {
namespace {

// A row: its largest element first, which is subtracted from all.

template <class L, class T>
L largest_of(const T* x, std::int64_t n) {
  return fold_row<L>(x, n, [](const L& a, const L& b) { return max(a, b); });
}
struct SoftmaxRow {
  static constexpr bool streams = false;  // each power is written while the next is computed
  template <class Width, class T>
  static void run(const T* x, RowOutput<T> y, std::int64_t n) {
    using L = Lane<T, Width>;
    const L largest = largest_of<L>(x, n);
    const L scale(T(1) / sum_lanes<L>(n, [&](std::int64_t i, int count) {
                    const L e = exp(load<L>(x, i, count) - largest);
                    store(e, y.to, i, count);
                    return e;
                  }));
    for_lanes<L>(n, [&](std::int64_t i, int count) {
      store(load<L>(y.to, i, count) * scale, y.to, i, count);
    });
  }
};

struct LogSoftmaxRow {
  static constexpr bool streams = true;
  template <class Width, class T>
  static void run(const T* x, RowOutput<T> y, std::int64_t n) {
    using L = Lane<T, Width>;
    const L largest = largest_of<L>(x, n);
    const L total(sum_lanes<L>(
        n, [&](std::int64_t i, int count) { return exp(load<L>(x, i, count) - largest); }));
    const L log_total = log(total);
    for_lanes<L>(n, [&](std::int64_t i, int count) {
      y.put(load<L>(x, i, count) - largest - log_total, i, count);
    });
  }
};

struct SoftmaxGradientRow {
  template <class Width, class T>
  static void run(const T* y, const T* dy, RowOutput<T> dx, std::int64_t n) {
    using L = Lane<T, Width>;
    const L sum(sum_lanes<L>(
        n, [&](std::int64_t i, int c) { return load<L>(y, i, c) * load<L>(dy, i, c); }));
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      dx.put(load<L>(y, i, c) * (load<L>(dy, i, c) - sum), i, c);
    });
  }
};

struct LogSoftmaxGradientRow {
  template <class Width, class T>
  static void run(const T* y, const T* dy, RowOutput<T> dx, std::int64_t n) {
    using L = Lane<T, Width>;
    const L sum(sum_lanes<L>(n, [&](std::int64_t i, int c) { return load<L>(dy, i, c); }));
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      dx.put(load<L>(dy, i, c) - exp(load<L>(y, i, c)) * sum, i, c);
    });
  }
};

// Columns: lines side by side, `stride` from one of their elements to the next, a block of rows at
// a time. Each sum is that of the blocks' sums.

constexpr std::int64_t row_block = 8;

// The largest element of each column, and the sum of exp(x - largest). With a new largest element,
// the sum so far is scaled.
struct ColumnTotals {
  template <class Width, class T>
  static void run(const T* x, std::int64_t rows, std::int64_t stride, std::int64_t columns,
                  T* largest, T* total) {
    using L = Lane<T, Width>;
    std::fill_n(largest, columns, -std::numeric_limits<T>::infinity());
    std::fill_n(total, columns, T(0));
    for (std::int64_t r = 0; r < rows; r += row_block)
      for_lanes<L>(columns, [&](std::int64_t j, int n) {
        add_block(x + r * stride, std::min(row_block, rows - r), stride, j, n,
                  Totals<L, T>{largest, total});
      });
  }

 private:
  template <class L, class T>
  struct Totals {
    T *largest, *total;
  };
  template <class L, class T>
  static void add_block(const T* x, std::int64_t rows, std::int64_t stride, std::int64_t j, int n,
                        Totals<L, T> t) {
    const L before = load<L>(t.largest, j, n);
    L now = before;
    for (std::int64_t i = 0; i < rows; ++i) now = max(now, load<L>(x + i * stride, j, n));
    const L none(-std::numeric_limits<T>::infinity());
    const L subtracted = where(now == none, L(0), now);  // of -inf alone the sum is 0 so far
    L sum = load<L>(t.total, j, n) * exp(before - subtracted);
    L part;
    for (std::int64_t i = 0; i < rows; ++i) part += exp(load<L>(x + i * stride, j, n) - subtracted);
    store(now, t.largest, j, n);
    store(sum + part, t.total, j, n);
  }
};

// y = exp(x - largest) / total. Powers that stay in the first cache are computed once.
struct SoftmaxColumns {
  template <class Width, class T>
  static void run(const T* x, T* y, std::int64_t rows, std::int64_t stride, std::int64_t columns,
                  T* largest, T* total) {
    using L = Lane<T, Width>;
    if (rows * columns <= 4096) return small<L>(x, y, rows, stride, columns);
    ColumnTotals::run<Width>(x, rows, stride, columns, largest, total);
    for_lanes<L>(columns,
                 [&](std::int64_t j, int n) { store(L(1) / load<L>(total, j, n), total, j, n); });
    for (std::int64_t r = 0; r < rows; ++r)
      for_lanes<L>(columns, [&](std::int64_t j, int n) {
        const L e = exp(load<L>(x + r * stride, j, n) - load<L>(largest, j, n));
        store(e * load<L>(total, j, n), y + r * stride, j, n);
      });
  }

 private:
  template <class L, class T>
  static void small(const T* x, T* y, std::int64_t rows, std::int64_t stride,
                    std::int64_t columns) {
    for_lanes<L>(columns, [&](std::int64_t j, int n) {
      L largest = load<L>(x, j, n), total;
      for (std::int64_t r = 1; r < rows; ++r) largest = max(largest, load<L>(x + r * stride, j, n));
      for (std::int64_t r = 0; r < rows; ++r) {
        const L e = exp(load<L>(x + r * stride, j, n) - largest);
        total += e;
        store(e, y + r * stride, j, n);
      }
      const L scale = L(1) / total;
      for (std::int64_t r = 0; r < rows; ++r)
        store(load<L>(y + r * stride, j, n) * scale, y + r * stride, j, n);
    });
  }
};
// y = x - largest - log(total).
struct LogSoftmaxColumns {
  template <class Width, class T>
  static void run(const T* x, T* y, std::int64_t rows, std::int64_t stride, std::int64_t columns,
                  T* largest, T* total) {
    using L = Lane<T, Width>;
    ColumnTotals::run<Width>(x, rows, stride, columns, largest, total);
    for_lanes<L>(columns,
                 [&](std::int64_t j, int n) { store(log(load<L>(total, j, n)), total, j, n); });
    for (std::int64_t r = 0; r < rows; ++r)
      for_lanes<L>(columns, [&](std::int64_t j, int n) {
        store(load<L>(x + r * stride, j, n) - load<L>(largest, j, n) - load<L>(total, j, n),
              y + r * stride, j, n);
      });
  }
};

// total[j] = the sum of f(lane of y, lane of dy) over a column.
template <class L, class T, class F>
void column_sums(const T* y, const T* dy, std::int64_t rows, std::int64_t stride,
                 std::int64_t columns, T* total, F f) {
  std::fill_n(total, columns, T(0));
  for (std::int64_t r = 0; r < rows; r += row_block)
    for_lanes<L>(columns, [&](std::int64_t j, int n) {
      L part;
      for (std::int64_t i = r; i < std::min(rows, r + row_block); ++i)
        part += f(load<L>(y + i * stride, j, n), load<L>(dy + i * stride, j, n));
      store(load<L>(total, j, n) + part, total, j, n);
    });
}

struct SoftmaxGradientColumns {
  template <class Width, class T>
  static void run(const T* y, const T* dy, T* dx, std::int64_t rows, std::int64_t stride,
                  std::int64_t columns, T* total) {
    using L = Lane<T, Width>;
    column_sums<L>(y, dy, rows, stride, columns, total,
                   [](const L& a, const L& b) { return a * b; });
    for (std::int64_t r = 0; r < rows; ++r)
      for_lanes<L>(columns, [&](std::int64_t j, int n) {
        const L up = load<L>(dy + r * stride, j, n) - load<L>(total, j, n);
        store(load<L>(y + r * stride, j, n) * up, dx + r * stride, j, n);
      });
  }
};
struct LogSoftmaxGradientColumns {
  template <class Width, class T>
  static void run(const T* y, const T* dy, T* dx, std::int64_t rows, std::int64_t stride,
                  std::int64_t columns, T* total) {
    using L = Lane<T, Width>;
    column_sums<L>(y, dy, rows, stride, columns, total, [](const L&, const L& b) { return b; });
    for (std::int64_t r = 0; r < rows; ++r)
      for_lanes<L>(columns, [&](std::int64_t j, int n) {
        const L share = exp(load<L>(y + r * stride, j, n)) * load<L>(total, j, n);
        store(load<L>(dy + r * stride, j, n) - share, dx + r * stride, j, n);
      });
  }
};

// Rows one after the other.
template <class Row>
struct LongRows {
  template <class Width, class T>
  static void run(const T* x, T* y, bool streamed, std::int64_t rows, std::int64_t n) {
    for (std::int64_t k = 0; k < rows; ++k, x += n, y += n)
      Row::template run<Width>(x, RowOutput<T>(y, streamed), n);
  }
  template <class Width, class T>
  static void run(const T* y, const T* dy, T* dx, bool streamed, std::int64_t rows,
                  std::int64_t n) {
    for (std::int64_t k = 0; k < rows; ++k, y += n, dy += n, dx += n)
      Row::template run<Width>(y, dy, RowOutput<T>(dx, streamed), n);
  }
};

// A few short rows of n elements, as columns of `size`.
template <class Width, class T>
struct ShortGroup {
  static constexpr std::int64_t size = transposed_side<T>;
  static constexpr std::int64_t longest = 2 * size;
  using Columns = T[longest * size];

  std::int64_t n, rows = size;
  std::int64_t padded = (n + size - 1) / size * size;

  // Rows behind the last one are zero. Elements up to `end` may be read.
  void load(const T* x, const T* end, Columns& columns) const {
    if (rows == size && end - x >= (size - 1) * n + padded)
      return Transpose::run<Width>(x, n, columns, size, size, padded, false);
    alignas(64) Columns copies = {};
    for (std::int64_t k = 0; k < rows; ++k) std::copy_n(x + k * n, n, copies + k * padded);
    Transpose::run<Width>(copies, padded, columns, size, size, padded, false);
  }
  // A row is written with what is behind it, over which the next rows are written.
  void store(const Columns& columns, T* y) const {
    if (rows == size && n == padded)
      return Transpose::run<Width>(columns, size, y, n, n, size, false);
    alignas(64) Columns lines;
    Transpose::run<Width>(columns, size, lines, padded, padded, size, false);
    for (std::int64_t k = 0; k < rows; ++k)
      if (k * n + padded <= rows * n)
        for (std::int64_t i = 0; i < padded; i += size)
          std::copy_n(lines + k * padded + i, size, y + k * n + i);
      else
        std::copy_n(lines + k * padded, n, y + k * n);
  }
};

// Short rows, of which a lane would fold each. A row's result does not depend on its place.
template <class Columns>
struct ShortRows {
  template <class Width, class T>
  static void run(const T* x, const T* end, T* y, std::int64_t rows, std::int64_t n) {
    using Group = ShortGroup<Width, T>;
    constexpr std::int64_t size = Group::size;
    alignas(64) typename Group::Columns columns;
    T largest[size], total[size];
    for (std::int64_t k = 0; k < rows; k += size, x += size * n, y += size * n) {
      const Group group{n, std::min(size, rows - k)};
      group.load(x, end, columns);
      Columns::template run<Width>(columns, columns, n, size, size, largest, total);
      group.store(columns, y);
    }
  }
  template <class Width, class T>
  static void run(const T* y, const T* end, const T* dy, const T* dy_end, T* dx, std::int64_t rows,
                  std::int64_t n) {
    using Group = ShortGroup<Width, T>;
    constexpr std::int64_t size = Group::size;
    alignas(64) typename Group::Columns value, upstream;
    T total[size];
    for (std::int64_t k = 0; k < rows; k += size, y += size * n, dy += size * n, dx += size * n) {
      const Group group{n, std::min(size, rows - k)};
      group.load(y, end, value);
      group.load(dy, dy_end, upstream);
      Columns::template run<Width>(value, upstream, upstream, n, size, size, total);
      group.store(upstream, dx);
    }
  }
};
template <class T>
bool is_short(std::int64_t n) {
  return n <= ShortGroup<Baseline, T>::longest;
}

template <class Row, class Columns, class T>
void map_rows(const AxisSplit& s, const T* x, T* y) {
  const bool streamed = Row::streams && is_streamed(s.numel(), dtype_of<T>);
  for_row_ranges(s, [&](std::int64_t k, std::int64_t end) {
    const std::int64_t at = k * s.size, rows = end - k;
    if (is_short<T>(s.size))
      return run_best<ShortRows<Columns>, const T*, const T*, T*, std::int64_t, std::int64_t>(
          x + at, x + end * s.size, y + at, rows, s.size);
    run_best<LongRows<Row>, const T*, T*, bool, std::int64_t, std::int64_t>(x + at, y + at,
                                                                            streamed, rows, s.size);
    if (streamed) stream_fence();
  });
}
template <class Row, class Columns>
void map(DType dtype, const AxisSplit& s, const void* input, void* output) {
  dispatch_floating(dtype, [&]<class T>() {
    const T* const x = static_cast<const T*>(input);
    T* const y = static_cast<T*>(output);
    if (s.inner == 1) return map_rows<Row, Columns>(s, x, y);
    for_column_tiles(s, [&](std::int64_t at, std::int64_t, std::int64_t columns) {
      std::array<T, column_tile> largest, total;
      run_best<Columns, const T*, T*, std::int64_t, std::int64_t, std::int64_t, T*, T*>(
          x + at, y + at, s.size, s.inner, columns, largest.data(), total.data());
    });
  });
}

template <class Row, class Columns, class T>
void map_gradient_rows(const AxisSplit& s, const T* y, const T* dy, T* dx) {
  const bool streamed = is_streamed(s.numel(), dtype_of<T>);
  for_row_ranges(s, [&](std::int64_t k, std::int64_t end) {
    const std::int64_t at = k * s.size, rows = end - k;
    if (is_short<T>(s.size))
      return run_best<ShortRows<Columns>, const T*, const T*, const T*, const T*, T*, std::int64_t,
                      std::int64_t>(y + at, y + end * s.size, dy + at, dy + end * s.size, dx + at,
                                    rows, s.size);
    run_best<LongRows<Row>, const T*, const T*, T*, bool, std::int64_t, std::int64_t>(
        y + at, dy + at, dx + at, streamed, rows, s.size);
    if (streamed) stream_fence();
  });
}
template <class Row, class Columns>
void map_gradient(DType dtype, const AxisSplit& s, const void* value, const void* upstream,
                  void* gradient) {
  dispatch_floating(dtype, [&]<class T>() {
    const T *const y = static_cast<const T*>(value), *const dy = static_cast<const T*>(upstream);
    T* const dx = static_cast<T*>(gradient);
    if (s.inner == 1) return map_gradient_rows<Row, Columns>(s, y, dy, dx);
    for_column_tiles(s, [&](std::int64_t at, std::int64_t, std::int64_t columns) {
      std::array<T, column_tile> total;
      run_best<Columns, const T*, const T*, T*, std::int64_t, std::int64_t, std::int64_t, T*>(
          y + at, dy + at, dx + at, s.size, s.inner, columns, total.data());
    });
  });
}

}  // namespace

void softmax(DType dtype, const AxisSplit& lines, const void* x, void* y) {
  map<SoftmaxRow, SoftmaxColumns>(dtype, lines, x, y);
}
void softmax_gradient(DType dtype, const AxisSplit& lines, const void* y, const void* dy,
                      void* dx) {
  map_gradient<SoftmaxGradientRow, SoftmaxGradientColumns>(dtype, lines, y, dy, dx);
}
void log_softmax(DType dtype, const AxisSplit& lines, const void* x, void* y) {
  map<LogSoftmaxRow, LogSoftmaxColumns>(dtype, lines, x, y);
}
void log_softmax_gradient(DType dtype, const AxisSplit& lines, const void* y, const void* dy,
                          void* dx) {
  map_gradient<LogSoftmaxGradientRow, LogSoftmaxGradientColumns>(dtype, lines, y, dy, dx);
}

}  // namespace xgrad::detail
