#include "kernels/sort.hpp"

#include <algorithm>
#include <numeric>
#include <type_traits>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/radix_sort.hpp"

namespace xgrad::detail {
namespace {

using Positions = ScratchVector<std::int64_t>;

template <class T>
bool is_nan(T a) {
  return a != a;
}
template <class T>
bool less(T a, T b) {
  return a < b || (is_nan(b) && !is_nan(a));
}

// order = the positions of n elements in their order; equal ones as they came.
template <class T>
void sort_positions(const T* x, std::int64_t n, bool descending, std::int64_t* order) {
  constexpr std::int64_t many = 128;
  if (n >= many) return radix_order(x, n, descending, order);
  std::iota(order, order + n, std::int64_t{0});
  std::stable_sort(order, order + n, [x, descending](std::int64_t i, std::int64_t j) {
    return descending ? less(x[j], x[i]) : less(x[i], x[j]);
  });
}

// A line of elements, and an order of their positions.
template <class T>
struct Line {
  using Element = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;
  ScratchVector<Element> elements;
  Positions order;

  explicit Line(std::int64_t n)
      : elements(static_cast<std::size_t>(n)), order(static_cast<std::size_t>(n)) {}
  Element at(std::int64_t i) const { return elements[static_cast<std::size_t>(i)]; }
  /// By value, equal ones as they came.
  bool before(std::int64_t i, std::int64_t j, bool descending = false) const {
    const Element a = at(descending ? j : i), b = at(descending ? i : j);
    return less(a, b) || (!less(b, a) && i < j);
  }
  void sort(bool descending) {
    sort_positions(elements.data(), static_cast<std::int64_t>(elements.size()), descending,
                   order.data());
  }
};

// For each line, f(line) leaves the chosen positions at the front of the order; the first k are
// taken.
template <class F>
void choose(DType dtype, const AxisSplit& s, std::int64_t k, const void* x, std::int64_t* at, F f) {
  if (s.lines() == 0 || k == 0) return;  // of however many lines
  const AxisSplit taken{s.outer, k, s.inner};
  dispatch(dtype, [&]<class T>() {
    const T* const from = static_cast<const T*>(x);
    const std::int64_t grain = std::max<std::int64_t>(1, 4096 / std::max<std::int64_t>(1, s.size));
    parallel_ranges(s.lines(), grain, [&](std::int64_t begin, std::int64_t end) {
      Line<T> line(s.size);
      for (std::int64_t l = begin; l < end; ++l) {
        for (std::int64_t i = 0; i < s.size; ++i)
          line.elements[static_cast<std::size_t>(i)] = from[s.start_of(l) + i * s.inner];
        std::iota(line.order.begin(), line.order.end(), std::int64_t{0});
        f(line);
        for (std::int64_t i = 0; i < k; ++i)
          at[taken.start_of(l) + i * s.inner] = line.order[static_cast<std::size_t>(i)];
      }
    });
  });
}

}  // namespace

void sort_lines(DType dtype, const AxisSplit& lines, bool descending, const void* x,
                std::int64_t* at) {
  choose(dtype, lines, lines.size, x, at, [descending](auto& line) { line.sort(descending); });
}

void modes_of_lines(DType dtype, const AxisSplit& lines, const void* x, std::int64_t* at) {
  choose(dtype, lines, 1, x, at, [](auto& line) {
    line.sort(false);
    std::size_t best = 0, longest = 0, start = 0;
    for (std::size_t i = 0; i < line.order.size(); ++i) {
      if (less(line.at(line.order[start]), line.at(line.order[i]))) start = i;
      if (i - start + 1 > longest) longest = i - start + 1, best = i;
    }
    line.order.front() = line.order[best];
  });
}

}  // namespace xgrad::detail
