#include "kernels/reduce.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <type_traits>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/graph/wrapping.hpp>

#include "kernels/column_tiles.hpp"
#include "kernels/lane_loops.hpp"

namespace xgrad::detail {
namespace {

// Calls f(line) for each of them, of a size that makes a thread worth it.
template <class F>
void for_lines(const AxisSplit& lines, F f) {
  const std::int64_t grain =
      std::max<std::int64_t>(1, parallel_grain / std::max<std::int64_t>(1, lines.size));
  parallel_ranges(lines.lines(), grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) f(k);
  });
}

// The product of a row, in four lanes.
struct ProductOfRow {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, T* product) {
    using L = Lane<T, Width>;
    L a(1), b(1), c(1), d(1);
    std::int64_t i = 0;
    for (; i + 4 * L::size <= n; i += 4 * L::size) {
      a = a * L::load(x + i);
      b = b * L::load(x + i + L::size);
      c = c * L::load(x + i + 2 * L::size);
      d = d * L::load(x + i + 3 * L::size);
    }
    T all = ((a * b) * (c * d)).folded([](const L& p, const L& q) { return p * q; }).v[0];
    for (; i < n; ++i) all = wrapping_mul<T>(all, x[i]);
    *product = all;
  }
};
// factor * the product of the other elements: of those before, on the way there, of those behind,
// on the way back.
template <class T>
void products_of_others(const T* x, std::int64_t n, std::int64_t step, T factor, T* y) {
  T product = factor;
  for (std::int64_t i = 0; i < n; ++i) {
    y[i * step] = product;
    product *= x[i * step];
  }
  product = 1;
  for (std::int64_t i = n; i-- > 0;) {
    y[i * step] *= product;
    product *= x[i * step];
  }
}
// By division, unless the product has lost elements.
struct ProductGradientOfRow {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, T factor, T* y) {
    using L = Lane<T, Width>;
    T product;
    ProductOfRow::run<Width>(x, n, &product);
    if (!std::isnormal(product)) return products_of_others(x, n, 1, factor, y);
    const L all(product), scale(factor);
    for_lanes<L>(n, [&](std::int64_t i, int count) {
      store(all / load<L>(x, i, count) * scale, y, i, count);
    });
  }
};
struct ProductsOfColumns {
  template <class Width, class T>
  static void run(const T* x, std::int64_t rows, std::int64_t stride, std::int64_t columns, T* y) {
    using L = Lane<T, Width>;
    std::fill_n(y, columns, T(1));
    for (std::int64_t i = 0; i < rows; ++i)
      for_lanes<L>(columns, [&](std::int64_t j, int n) {
        store(load<L>(y, j, n) * load<L>(x + i * stride, j, n), y, j, n);
      });
  }
};

// The sum of the squares of a row: each block in T, and the blocks in double.
struct SquaresOfRow {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, double* sum) {
    using L = Lane<T, Width>;
    constexpr std::int64_t block = 1024;
    *sum = 0;
    for (std::int64_t begin = 0; begin < n; begin += block)
      *sum += static_cast<double>(
          sum_lanes<L>(std::min(block, n - begin), [&](std::int64_t i, int count) {
            const L v = load<L>(x + begin, i, count);
            return v * v;
          }));
  }
};

template <class T>
void squares_of_long_row(const T* x, std::int64_t n, T* y) {
  ScratchVector<double> sums(static_cast<std::size_t>(n / parallel_grain + 1), 0.0);
  parallel_ranges(n, parallel_grain, [&](std::int64_t begin, std::int64_t end) {
    run_best<SquaresOfRow, const T*, std::int64_t, double*>(
        x + begin, end - begin, &sums[static_cast<std::size_t>(begin / parallel_grain)]);
  });
  *y = static_cast<T>(std::accumulate(sums.begin(), sums.end(), 0.0));
}

}  // namespace

void reduce_to_product(DType dtype, const AxisSplit& s, const void* x, void* y) {
  dispatch(dtype, [&]<class T>() {
    const T* const from = static_cast<const T*>(x);
    T* const to = static_cast<T*>(y);
    if constexpr (!std::is_same_v<T, bool>) {
      if (s.size == 0) {
        std::fill_n(to, s.lines(), T(1));
      } else if (s.inner == 1) {
        for_rows(s, [&](std::int64_t k) {
          run_best<ProductOfRow, const T*, std::int64_t, T*>(from + k * s.size, s.size, to + k);
        });
      } else {
        for_column_tiles(s, [&](std::int64_t at, std::int64_t line, std::int64_t columns) {
          run_best<ProductsOfColumns, const T*, std::int64_t, std::int64_t, std::int64_t, T*>(
              from + at, s.size, s.inner, columns, to + line);
        });
      }
    }
  });
}

void reduce_to_squares(DType dtype, std::int64_t rows, std::int64_t n, const void* x, void* y) {
  dispatch_floating(dtype, [&]<class T>() {
    const T* const from = static_cast<const T*>(x);
    T* const to = static_cast<T*>(y);
    if (rows == 1) return squares_of_long_row(from, n, to);
    parallel_ranges(rows, std::max<std::int64_t>(1, parallel_grain / std::max<std::int64_t>(1, n)),
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t k = begin; k < end; ++k) {
                        double sum;
                        run_best<SquaresOfRow, const T*, std::int64_t, double*>(from + k * n, n,
                                                                                &sum);
                        to[k] = static_cast<T>(sum);
                      }
                    });
  });
}

void product_gradient(DType dtype, const AxisSplit& s, const void* x, const void* dy, void* dx) {
  dispatch_floating(dtype, [&]<class T>() {
    const T *const from = static_cast<const T*>(x), *const up = static_cast<const T*>(dy);
    T* const to = static_cast<T*>(dx);
    for_lines(s, [&](std::int64_t k) {
      const std::int64_t at = s.start_of(k);
      if (s.inner == 1)
        run_best<ProductGradientOfRow, const T*, std::int64_t, T, T*>(from + at, s.size, up[k],
                                                                      to + at);
      else
        products_of_others(from + at, s.size, s.inner, up[k], to + at);
    });
  });
}

void divide_by(DType dtype, double divisor, std::int64_t n, void* y) {
  dispatch_floating(dtype, [&]<class T>() {
    T* const to = static_cast<T*>(y);
    const T by = static_cast<T>(divisor);
    for (std::int64_t i = 0; i < n; ++i) to[i] /= by;
  });
}

}  // namespace xgrad::detail
