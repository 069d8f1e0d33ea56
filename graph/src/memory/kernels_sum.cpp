// Sums over axes: a run of reduced axes at a time, in blocks fixed by size.
#include <xgrad/graph/kernels.hpp>

#include <algorithm>
#include <array>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/parallel.hpp>

namespace xgrad::detail {
namespace {

template <class T>
using Total = std::conditional_t<std::is_floating_point_v<T>, double, std::int64_t>;

constexpr std::int64_t block = 1024;    // elements added in the element's type
constexpr std::int64_t row_block = 64;  // rows added in the element's type
constexpr std::int64_t tile = 1024;     // columns summed at once

// Sum of up to `block` contiguous elements, in four lanes.
template <class Width, class T>
T block_sum(const T* x, std::int64_t n) {
  using L = Lane<T, Width>;
  L a, b, c, d;
  std::int64_t i = 0;
  for (; i + 4 * L::size <= n; i += 4 * L::size) {
    a += L::load(x + i);
    b += L::load(x + i + L::size);
    c += L::load(x + i + 2 * L::size);
    d += L::load(x + i + 3 * L::size);
  }
  for (; i + L::size <= n; i += L::size) a += L::load(x + i);
  if (i < n) b += L::load(x + i, static_cast<int>(n - i));
  return ((a + b) + (c + d)).sum();
}

// total[0] = sum of n contiguous elements.
struct SumContiguous {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, Total<T>* total) {
    Total<T> sum = 0;
    for (std::int64_t i = 0; i < n; i += block)
      sum =
          wrapping_add(sum, static_cast<Total<T>>(block_sum<Width>(x + i, std::min(block, n - i))));
    *total = sum;
  }
};

// y[j] = sum over i of x[i * stride + j], for up to `tile` columns.
struct SumColumns {
  template <class Width, class T>
  static void run(const T* x, std::int64_t rows, std::int64_t stride, std::int64_t columns, T* y) {
    std::array<Total<T>, tile> total{};
    std::array<T, tile> part;
    for (std::int64_t begin = 0; begin < rows; begin += row_block) {
      std::fill_n(part.begin(), columns, T(0));
      const std::int64_t end = std::min(rows, begin + row_block);
      std::int64_t i = begin;
      for (; i + 4 <= end; i += 4) add_rows<Width, 4>(part.data(), x + i * stride, stride, columns);
      for (; i < end; ++i) add_rows<Width, 1>(part.data(), x + i * stride, stride, columns);
      for (std::int64_t j = 0; j < columns; ++j)
        total[j] = wrapping_add(total[j], static_cast<Total<T>>(part[j]));
    }
    for (std::int64_t j = 0; j < columns; ++j) y[j] = static_cast<T>(total[j]);
  }

 private:
  // sum += rows, which are added to each other first.
  template <class Width, int rows, class T>
  static void add_rows(T* sum, const T* x, std::int64_t stride, std::int64_t n) {
    using L = Lane<T, Width>;
    std::int64_t j = 0;
    for (; j + L::size <= n; j += L::size) {
      L total = L::load(x + j);
      for (int i = 1; i < rows; ++i) total += L::load(x + i * stride + j);
      (L::load(sum + j) + total).store(sum + j);
    }
    for (; j < n; ++j) {
      T total = x[j];
      for (int i = 1; i < rows; ++i) total = wrapping_add(total, x[i * stride + j]);
      sum[j] = wrapping_add(sum[j], total);
    }
  }
};

template <class T>
void sum_rows(const T* x, std::int64_t rows, std::int64_t n, T* y) {
  const std::int64_t grain =
      std::max<std::int64_t>(1, parallel_grain / std::max<std::int64_t>(n, 1));
  parallel_ranges(rows, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      Total<T> total;
      run_best<SumContiguous, const T*, std::int64_t, Total<T>*>(x + i * n, n, &total);
      y[i] = static_cast<T>(total);
    }
  });
}

// One long row, in pieces whose sums are added in their order.
template <class T>
void sum_long_row(const T* x, std::int64_t n, T* y) {
  const std::int64_t pieces = (n + parallel_grain - 1) / parallel_grain;
  std::vector<Total<T>> totals(static_cast<std::size_t>(pieces));
  parallel_ranges(n, parallel_grain, [&](std::int64_t begin, std::int64_t end) {
    run_best<SumContiguous, const T*, std::int64_t, Total<T>*>(
        x + begin, end - begin, &totals[static_cast<std::size_t>(begin / parallel_grain)]);
  });
  Total<T> sum = 0;
  for (const Total<T> total : totals) sum = wrapping_add(sum, total);
  *y = static_cast<T>(sum);
}

template <class T>
void sum_columns(const T* x, std::int64_t outer, std::int64_t rows, std::int64_t inner, T* y) {
  const std::int64_t tiles = (inner + tile - 1) / tile;
  const std::int64_t work = std::max<std::int64_t>(1, rows * std::min(inner, tile));
  parallel_ranges(outer * tiles, std::max<std::int64_t>(1, parallel_grain / work),
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t k = begin; k < end; ++k) {
                      const std::int64_t o = k / tiles, j = k % tiles * tile;
                      run_best<SumColumns, const T*, std::int64_t, std::int64_t, std::int64_t, T*>(
                          x + o * rows * inner + j, rows, inner, std::min(tile, inner - j),
                          y + o * inner + j);
                    }
                  });
}

// y (outer, inner) = the middle axis of x (outer, n, inner) summed.
template <class T>
void sum_middle(const T* x, std::int64_t outer, std::int64_t n, std::int64_t inner, T* y) {
  if (inner != 1)
    sum_columns(x, outer, n, inner, y);
  else if (outer == 1 && n > parallel_grain)
    sum_long_row(x, n, y);
  else
    sum_rows(x, outer, n, y);
}

std::int64_t product(const std::vector<AxisRun>& runs, std::size_t begin, std::size_t end) {
  std::int64_t size = 1;
  for (std::size_t i = begin; i < end; ++i) size *= runs[i].size;
  return size;
}

}  // namespace

std::vector<AxisRun> axis_runs(const Shape& shape, const std::vector<bool>& reduced) {
  std::vector<AxisRun> runs;
  for (int i = 0; i < shape.dim(); ++i) {
    const bool r = reduced[static_cast<std::size_t>(i)];
    if (shape[i] == 1) continue;
    if (!runs.empty() && runs.back().reduced == r)
      runs.back().size *= shape[i];
    else
      runs.push_back({shape[i], r});
  }
  return runs;
}

Value sum_axes(const Value& value, const std::vector<bool>& reduced) {
  Shape shape = value.shape;
  for (int i = 0; i < shape.dim(); ++i)
    if (reduced[static_cast<std::size_t>(i)]) shape[i] = 1;
  std::vector<AxisRun> runs = axis_runs(value.shape, reduced);
  Value from = value;
  for (std::size_t k = runs.size(); k-- > 0;) {  // innermost first: it shrinks the most
    if (!runs[k].reduced) continue;
    const std::int64_t outer = product(runs, 0, k), inner = product(runs, k + 1, runs.size());
    Value to = Value::empty({outer * inner}, value.dtype);
    dispatch(value.dtype, [&]<class T>() {
      if constexpr (!std::is_same_v<T, bool>)
        sum_middle(from.data<T>(), outer, runs[k].size, inner, to.data<T>());
    });
    runs[k].size = 1;
    from = std::move(to);
  }
  if (from.storage.get() == value.storage.get()) {  // nothing to add up: still a value of its own
    Value copy = Value::empty(shape, value.dtype);
    expand_into({from.storage, shape, value.dtype}, copy);
    return copy;
  }
  return {std::move(from.storage), std::move(shape), value.dtype};
}

Value sum_to(const Value& value, const Shape& shape) {
  const int extra = value.shape.dim() - shape.dim();
  std::vector<bool> reduced(static_cast<std::size_t>(value.shape.dim()));
  for (int i = 0; i < value.shape.dim(); ++i)
    reduced[static_cast<std::size_t>(i)] = i < extra || shape[i - extra] == 1;
  Value result = sum_axes(value, reduced);
  result.shape = shape;
  return result;
}

}  // namespace xgrad::detail
