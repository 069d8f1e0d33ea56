#include "kernels/counting.hpp"

#include <algorithm>
#include <array>

#include <xgrad/graph/isa.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

namespace xgrad::detail {
namespace {

// Several searches of one row side by side, since each step of one waits for the step before. The
// steps are those of std::lower_bound and std::upper_bound, so that rows out of order give what
// these give.
template <bool right, class T, int searches>
void search_together(const T* row, std::int64_t n, const T* values, std::int64_t* at) {
  std::array<std::int64_t, searches> first{}, left;
  left.fill(n);
  const auto step = [&](std::size_t k) {
    const std::int64_t half = left[k] / 2;
    const T middle = row[first[k] + half], v = values[k];
    std::int64_t behind = right ? !(v < middle) : middle < v;
    asm(""
        : "+r"(behind));  // a number: g++ would branch on it, and half of that is predicted wrong
    first[k] += -behind & (half + 1);
    left[k] = half - (behind & ~left[k] & 1);
  };
  // After t steps at least (n + 1) / 2^t - 1 places are left to each.
  for (std::int64_t least = n + 1; least >= 2; least /= 2)
    for (std::size_t k = 0; k < searches; ++k) step(k);
  for (std::size_t k = 0; k < searches; ++k) {
    while (left[k] > 0) step(k);
    at[k] = first[k];
  }
}

template <bool right, class T>
void search_row(const T* row, std::int64_t n, const T* values, std::int64_t count,
                std::int64_t* at) {
  constexpr int together = 8;
  std::int64_t k = 0;
  for (; k + together <= count; k += together)
    search_together<right, T, together>(row, n, values + k, at + k);
  for (; k < count; ++k) search_together<right, T, 1>(row, n, values + k, at + k);
}

struct RangeRun {
  template <class Width>
  static void run(std::int64_t n, const std::int64_t* x, std::int64_t* least, std::int64_t* most) {
    std::int64_t low = x[0], high = x[0];
    for (std::int64_t k = 1; k < n; ++k) {
      low = x[k] < low ? x[k] : low;
      high = x[k] > high ? x[k] : high;
    }
    *least = low;
    *most = high;
  }
};

}  // namespace

void search_sorted(DType dtype, std::int64_t n, std::int64_t each, bool right, const void* rows,
                   std::int64_t count, const void* values, std::int64_t* at) {
  dispatch(dtype, [&]<class T>() {
    const auto* const wanted = static_cast<const T*>(values);
    parallel_ranges(count, parallel_grain / 8, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t k = begin; k < end;) {
        const std::int64_t row = k / each, next = std::min(end, (row + 1) * each);
        const T* const sorted = static_cast<const T*>(rows) + row * n;
        if (right)
          search_row<true>(sorted, n, wanted + k, next - k, at + k);
        else
          search_row<false>(sorted, n, wanted + k, next - k, at + k);
        k = next;
      }
    });
  });
}

IntegerRange integer_range(std::int64_t n, const std::int64_t* x) {
  IntegerRange range{};
  run_best<RangeRun, std::int64_t, const std::int64_t*, std::int64_t*, std::int64_t*>(
      n, x, &range.least, &range.most);
  return range;
}

// In four tables, where they fit into the first cache: an element that equals the one before does
// not wait for its sum.
void count_integers(std::int64_t n, const std::int64_t* x, std::int64_t bins, std::int64_t* y) {
  std::fill_n(y, bins, std::int64_t{0});
  std::int64_t k = 0;
  if (bins <= 1024 && n >= 4 * bins) {
    ScratchVector<std::int64_t> tables(static_cast<std::size_t>(4 * bins), std::int64_t{0});
    std::int64_t* const t = tables.data();
    for (; k + 4 <= n; k += 4) {
      ++t[x[k]];
      ++t[bins + x[k + 1]];
      ++t[2 * bins + x[k + 2]];
      ++t[3 * bins + x[k + 3]];
    }
    for (std::int64_t i = 0; i < bins; ++i)
      y[i] = t[i] + t[bins + i] + t[2 * bins + i] + t[3 * bins + i];
  }
  for (; k < n; ++k) ++y[x[k]];
}

void count_in_bins(double low, double high, std::int64_t n, const double* x, std::int64_t bins,
                   double* counts) {
  const double width = high / 2 - low / 2;  // halves: the whole may overflow
  for (std::int64_t k = 0; k < n; ++k) {
    if (!(x[k] >= low && x[k] <= high)) continue;
    const double part = width > 0 ? (x[k] / 2 - low / 2) / width : 0.5;  // no width: all are equal
    const auto bin = static_cast<std::int64_t>(part * static_cast<double>(bins));
    ++counts[std::min(bin, bins - 1)];
  }
}

}  // namespace xgrad::detail
