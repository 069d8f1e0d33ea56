#include "kernels/rms_norm.hpp"

#include <cmath>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/lane_loops.hpp"

namespace xgrad::detail {
namespace {

struct SumOfSquares {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, T* sum) {
    using L = Lane<T, Width>;
    *sum = sum_lanes<L>(n, [&](std::int64_t i, int count) {
      const L v = load<L>(x, i, count);
      return v * v;
    });
  }
};

struct ScaledRow {
  template <class Width, class T>
  static void run(const T* x, const T* weight, T scale, T* y, std::int64_t n) {
    using L = Lane<T, Width>;
    const L r(scale);
    for_lanes<L>(n, [&](std::int64_t i, int count) {
      const L v = load<L>(x, i, count) * r;
      store(weight == nullptr ? v : v * load<L>(weight, i, count), y, i, count);
    });
  }
};

struct GradientRow {
  template <class Width, class T>
  static void run(const T* x, const T* weight, const T* dy, T scale, T* dx, std::int64_t n) {
    using L = Lane<T, Width>;
    const auto upstream = [&](std::int64_t i, int count) {
      const L g = load<L>(dy, i, count);
      return weight == nullptr ? g : g * load<L>(weight, i, count);
    };
    const T product = sum_lanes<L>(
        n, [&](std::int64_t i, int count) { return upstream(i, count) * load<L>(x, i, count); });
    const L r(scale), share(scale * scale * product / static_cast<T>(n));
    for_lanes<L>(n, [&](std::int64_t i, int count) {
      store((upstream(i, count) - load<L>(x, i, count) * share) * r, dx, i, count);
    });
  }
};

template <class T>
T scale_of(const T* x, const RmsNorm& s) {
  T squares;
  run_best<SumOfSquares, const T*, std::int64_t, T*>(x, s.n, &squares);
  return 1 / std::sqrt(squares / static_cast<T>(s.n) + static_cast<T>(s.eps));
}

// Calls f(T, row, first element) for each row.
template <class F>
void for_rows(DType dtype, const RmsNorm& s, F f) {
  const std::int64_t grain = parallel_grain / 4 / std::max<std::int64_t>(1, s.n);
  if (s.n > 0)
    dispatch_floating(dtype, [&]<class T>() {
      parallel_ranges(s.rows, std::max<std::int64_t>(1, grain),
                      [&](std::int64_t begin, std::int64_t end) {
                        for (std::int64_t k = begin; k < end; ++k)
                          f.template operator()<T>(k * s.n);
                      });
    });
}

}  // namespace

void rms_norm(DType dtype, const RmsNorm& s, const void* x, const void* weight, void* y) {
  for_rows(dtype, s, [&]<class T>(std::int64_t at) {
    const T* const row = static_cast<const T*>(x) + at;
    run_best<ScaledRow, const T*, const T*, T, T*, std::int64_t>(
        row, static_cast<const T*>(weight), scale_of(row, s), static_cast<T*>(y) + at, s.n);
  });
}

void rms_norm_gradient(DType dtype, const RmsNorm& s, const void* x, const void* weight,
                       const void* dy, void* dx) {
  for_rows(dtype, s, [&]<class T>(std::int64_t at) {
    const T* const row = static_cast<const T*>(x) + at;
    run_best<GradientRow, const T*, const T*, const T*, T, T*, std::int64_t>(
        row, static_cast<const T*>(weight), static_cast<const T*>(dy) + at, scale_of(row, s),
        static_cast<T*>(dx) + at, s.n);
  });
}

// In blocks of rows that depend on the size alone.
void rms_norm_weight_gradient(DType dtype, const RmsNorm& s, const void* x, const void* dy,
                              void* dweight) {
  constexpr std::int64_t rows_each = 64;
  const std::int64_t blocks = (s.rows + rows_each - 1) / rows_each;
  ScratchVector<double> sums(static_cast<std::size_t>(blocks * s.n), 0);
  dispatch_floating(dtype, [&]<class T>() {
    parallel_chunks(s.n == 0 ? 0 : blocks, [&](std::int64_t block) {
      double* const sum = sums.data() + block * s.n;
      const std::int64_t end = std::min(s.rows, (block + 1) * rows_each);
      for (std::int64_t k = block * rows_each; k < end; ++k) {
        const T *const row = static_cast<const T*>(x) + k * s.n, *const up =
                                                                     static_cast<const T*>(dy) +
                                                                     k * s.n;
        const T r = scale_of(row, s);
        for (std::int64_t j = 0; j < s.n; ++j) sum[j] += static_cast<double>(up[j] * row[j] * r);
      }
    });
    for (std::int64_t j = 0; j < s.n; ++j) {
      double sum = 0;
      for (std::int64_t block = 0; block < blocks; ++block)
        sum += sums[static_cast<std::size_t>(block * s.n + j)];
      static_cast<T*>(dweight)[j] = static_cast<T>(sum);
    }
  });
}

}  // namespace xgrad::detail
