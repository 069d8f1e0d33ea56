#include "kernels/gemv.hpp"

#include <algorithm>

#include <xgrad/graph/parallel.hpp>

#include "kernels/lane_loops.hpp"

namespace xgrad::detail {
namespace {

// y[i] += row i of the matrix times v.
struct RowsTimesVector {
  template <class Width, class T>
  static void run(const T* rows, const T* v, std::int64_t count, std::int64_t n, T* y) {
    using L = Lane<T, Width>;
    for (std::int64_t i = 0; i < count; ++i, rows += n)
      y[i] += sum_lanes<L>(n, [&](std::int64_t p, int lanes) {
        return load<L>(rows, p, lanes) * load<L>(v, p, lanes);
      });
  }
};

// y[j] += v times column j of the matrix: four rows at a time, so that y is read once for them.
struct VectorTimesColumns {
  template <class Width, class T>
  static void run(const T* v, const T* matrix, std::int64_t rows, std::int64_t stride,
                  std::int64_t columns, T* y) {
    std::int64_t p = 0;
    for (; p + 4 <= rows; p += 4) add<Width, 4>(v + p, matrix + p * stride, stride, columns, y);
    for (; p < rows; ++p) add<Width, 1>(v + p, matrix + p * stride, stride, columns, y);
  }

 private:
  template <class Width, int rows, class T>
  static void add(const T* v, const T* matrix, std::int64_t stride, std::int64_t columns, T* y) {
    using L = Lane<T, Width>;
    for_lanes<L>(columns, [&](std::int64_t j, int lanes) {
      L sum = load<L>(y, j, lanes);
      for (int p = 0; p < rows; ++p) sum += L(v[p]) * load<L>(matrix + p * stride, j, lanes);
      store(sum, y, j, lanes);
    });
  }
};

// Rows of an outer product: y = a[i] v, plus what is there or a bias.
struct OuterRows {
  template <class Width, class T>
  static void run(const T* a, const T* v, const T* bias, bool accumulate, std::int64_t rows,
                  std::int64_t n, T* y) {
    using L = Lane<T, Width>;
    for (std::int64_t i = 0; i < rows; ++i, y += n) {
      const L factor(a[i]);
      const T* const start = accumulate ? y : bias;
      for_lanes<L>(n, [&](std::int64_t j, int lanes) {
        const L product = factor * load<L>(v, j, lanes);
        store(start == nullptr ? product : load<L>(start, j, lanes) + product, y, j, lanes);
      });
    }
  }
};

template <class T>
void start(const GemmShape& s, const T* bias, bool accumulate, T* c) {
  if (accumulate) return;
  if (bias == nullptr)
    std::fill_n(c, s.m * s.n, T(0));
  else if (s.n == 1)
    std::fill_n(c, s.m, *bias);
  else
    std::copy_n(bias, s.n, c);
}

}  // namespace

template <class T>
void gemv(const GemmShape& s, const T* a, const T* b, const T* bias, bool accumulate, T* c) {
  const bool right = s.n == 1;  // the vector stands on the right
  const T *const matrix = right ? a : b, *const v = right ? b : a;
  const std::int64_t size = right ? s.m : s.n;
  start(s, bias, accumulate, c);
  if (right ? !s.transpose_a : s.transpose_b)
    return parallel_ranges(
        size, std::max<std::int64_t>(1, parallel_grain / s.k),
        [&](std::int64_t begin, std::int64_t end) {
          run_best<RowsTimesVector, const T*, const T*, std::int64_t, std::int64_t, T*>(
              matrix + begin * s.k, v, end - begin, s.k, c + begin);
        });
  constexpr std::int64_t tile = 1024;
  parallel_ranges(size, tile, [&](std::int64_t begin, std::int64_t end) {
    run_best<VectorTimesColumns, const T*, const T*, std::int64_t, std::int64_t, std::int64_t, T*>(
        v, matrix + begin, s.k, size, end - begin, c + begin);
  });
}
template <class T>
void outer(const GemmShape& s, const T* a, const T* b, const T* bias, bool accumulate, T* c) {
  parallel_ranges(
      s.m, std::max<std::int64_t>(1, parallel_grain / s.n),
      [&](std::int64_t begin, std::int64_t end) {
        run_best<OuterRows, const T*, const T*, const T*, bool, std::int64_t, std::int64_t, T*>(
            a + begin, b, bias, accumulate, end - begin, s.n, c + begin * s.n);
      });
}
template void gemv(const GemmShape&, const float*, const float*, const float*, bool, float*);
template void gemv(const GemmShape&, const double*, const double*, const double*, bool, double*);

template void outer(const GemmShape&, const float*, const float*, const float*, bool, float*);
template void outer(const GemmShape&, const double*, const double*, const double*, bool, double*);

}  // namespace xgrad::detail
