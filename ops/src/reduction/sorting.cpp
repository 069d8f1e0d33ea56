#include <xgrad/ops/sorting.hpp>

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/scatter.hpp>

#include "movement/gather_rows.hpp"
#include "reduction/reduced_axes.hpp"

namespace xgrad {
namespace {

using detail::positions_of;

template <class T>
bool is_nan(T a) {
  return a != a;
}
// Rising, NaN last.
template <class T>
bool less(T a, T b) {
  return a < b || (is_nan(b) && !is_nan(a));
}

// An axis of a shape; a 0-d tensor is an axis of one.
struct Line {
  int axis;
  std::int64_t n = 1, inner = 1, count = 1;  // count lines of n, `inner` apart

  Line(const char* op, const Operand& x, int dim) : axis(detail::wrap_dim(op, x, dim)) {
    const Shape& s = x.shape();
    if (s.dim() == 0) return;
    n = s[axis];
    for (int i = axis + 1; i < s.dim(); ++i) inner *= s[i];
    for (int i = 0; i < s.dim(); ++i) count *= i == axis ? 1 : s[i];
  }
  std::int64_t first(std::int64_t line) const { return line / inner * n * inner + line % inner; }
};

Shape with_size(const Shape& shape, int axis, std::int64_t size) {
  Shape s = shape;
  if (s.dim() > 0) s[axis] = size;
  return s;
}
Shape without_axis(const Shape& shape, int axis, bool keepdim) {
  if (shape.dim() == 0) return shape;
  if (keepdim) return with_size(shape, axis, 1);
  std::vector<std::int64_t> sizes(shape.begin(), shape.end());
  sizes.erase(sizes.begin() + axis);
  return sizes;
}

// For each line, f(elements, order, n) leaves the chosen positions at the front of order; the first
// k are taken, shaped as x with k in the axis's place.
template <class F>
Tensor chosen_positions(const Tensor& x, const Line& line, std::int64_t k, F f) {
  const Tensor at = detail::new_positions(with_size(x.shape(), line.axis, k));
  if (at.numel() == 0) return at;  // of however many lines
  dispatch(x.dtype(), [&]<class T>() {
    const T* const from = detail::raw<T>(x);
    const std::int64_t grain = std::max<std::int64_t>(1, 4096 / std::max<std::int64_t>(1, line.n));
    detail::parallel_ranges(line.count, grain, [&](std::int64_t begin, std::int64_t end) {
      detail::ScratchVector<std::int64_t> order(static_cast<std::size_t>(line.n));
      detail::ScratchVector<T> row(static_cast<std::size_t>(line.n));
      for (std::int64_t l = begin; l < end; ++l) {
        const std::int64_t first = line.first(l);
        for (std::int64_t i = 0; i < line.n; ++i)
          row[static_cast<std::size_t>(i)] = from[first + i * line.inner];
        std::iota(order.begin(), order.end(), std::int64_t{0});
        f(row, order);
        const std::int64_t to = l / line.inner * k * line.inner + l % line.inner;
        for (std::int64_t i = 0; i < k; ++i)
          positions_of(at)[to + i * line.inner] = order[static_cast<std::size_t>(i)];
      }
    });
  });
  return at;
}

Tensor sorted_positions(const Tensor& x, const Line& line, std::int64_t k, bool descending) {
  return chosen_positions(x, line, k, [descending](const auto& row, auto& order) {
    const auto at = [&row](std::int64_t i) { return row[static_cast<std::size_t>(i)]; };
    if (descending)
      std::stable_sort(order.begin(), order.end(),
                       [&](std::int64_t i, std::int64_t j) { return less(at(j), at(i)); });
    else
      std::stable_sort(order.begin(), order.end(),
                       [&](std::int64_t i, std::int64_t j) { return less(at(i), at(j)); });
  });
}

// The elements at positions along the axis.
Tensor taken(const char* op, const Operand& x, const Line& line, const Tensor& at) {
  const Tensor elements = detail::new_positions(at.shape());
  const std::int64_t k = x.shape().dim() == 0 ? 1 : at.size(line.axis);
  for (std::int64_t l = 0; at.numel() > 0 && l < line.count; ++l)
    for (std::int64_t i = 0; i < k; ++i) {
      const std::int64_t place = l / line.inner * k * line.inner + l % line.inner + i * line.inner;
      positions_of(elements)[place] = line.first(l) + positions_of(at)[place] * line.inner;
    }
  return detail::gather_rows({op, "dx = dy, put back where it came from"}, x, elements, at.shape());
}

ValuesIndices one_of_each(const char* op, const Operand& x, const Line& line, const Tensor& at,
                          bool keepdim) {
  const Shape shape = without_axis(x.shape(), line.axis, keepdim);
  return {reshape(taken(op, x, line, at), shape), reshape(at, shape)};
}

// Of these all averages are NaN.
bool is_empty_floats(const Operand& x) { return x.shape().numel() == 0 && is_floating(x.dtype()); }

void check_not_empty(const char* op, const Operand& x, const Line& line) {
  if (line.n == 0)
    throw ShapeError(
        fmt::format("{}: nothing to choose from along dim {} of {}", op, line.axis, describe(x)));
}

// Which element of a line comes at a place in the order; place(n, how many are NaN).
template <class Place>
ValuesIndices at_place(const char* op, const Operand& x, int dim, bool keepdim, Place place) {
  const Line line(op, x, dim);
  check_not_empty(op, x, line);
  const Tensor at =
      chosen_positions(x.materialize(), line, 1, [place](const auto& row, auto& order) {
        const auto nans = std::count_if(row.begin(), row.end(), [](auto a) { return is_nan(a); });
        const auto before = [&row](std::int64_t i, std::int64_t j) {
          const auto a = row[static_cast<std::size_t>(i)], b = row[static_cast<std::size_t>(j)];
          return less(a, b) || (!less(b, a) && i < j);
        };
        const auto k = order.begin() + place(static_cast<std::int64_t>(row.size()), nans);
        std::nth_element(order.begin(), k, order.end(), before);
        order.front() = *k;
      });
  return one_of_each(op, x, line, at, keepdim);
}

std::int64_t middle(std::int64_t n, std::int64_t nans) { return nans > 0 ? n - nans : (n - 1) / 2; }
std::int64_t middle_of_numbers(std::int64_t n, std::int64_t nans) {
  return nans == n ? 0 : (n - nans - 1) / 2;
}

Tensor row_of(const Operand& x) { return reshape(x, {-1}); }

template <class Better>
ValuesIndices extreme(const char* op, const Operand& x, int dim, bool keepdim, Better better) {
  const Line line(op, x, dim);
  check_not_empty(op, x, line);
  const Tensor at =
      chosen_positions(x.materialize(), line, 1, [better](const auto& row, auto& order) {
        std::size_t best = 0;
        for (std::size_t i = 1; i < row.size() && !is_nan(row[best]); ++i)
          if (better(row[i], row[best]) || is_nan(row[i])) best = i;
        order.front() = static_cast<std::int64_t>(best);
      });
  return one_of_each(op, x, line, at, keepdim);
}

void check_rank(const char* op, const Operand& x, const Line& line, std::int64_t k,
                std::int64_t least) {
  if (k < least || k > line.n)
    throw ValueError(fmt::format("{}: k is {} along dim {} of {}; it must be in [{}, {}]", op, k,
                                 line.axis, describe(x), least, line.n));
}

Tensor chosen_of_all(const char* op, const Operand& x, const Tensor& value) {
  return detail::record_chosen(op, x, detail::value_of(value),
                               (std::uint64_t{1} << x.shape().dim()) - 1);
}

}  // namespace

ValuesIndices sort(Operand x, Dim dim, Flag descending) {
  const OpScope scope("sort", x);
  const Line line("sort", x, dim);
  const Tensor at = sorted_positions(x.materialize(), line, line.n, descending);
  return {taken("sort", x, line, at), at};
}
Tensor argsort(Operand x, Dim dim, Flag descending) {
  const OpScope scope("argsort", x);
  const Line line("argsort", x, dim);
  return sorted_positions(x.materialize(), line, line.n, descending);
}
Tensor msort(Operand x) {
  const OpScope scope("msort", x);
  return sort(x, 0).values;
}

ValuesIndices topk(Operand x, std::int64_t k, Dim dim, Flag largest) {
  const OpScope scope("topk", x);
  const Line line("topk", x, dim);
  check_rank("topk", x, line, k, 0);
  if (x.shape().dim() == 0)
    return {x.materialize(), detail::checked_positions("topk", reshape(argsort(x), {}), 1)};
  const Tensor at =
      chosen_positions(x.materialize(), line, k, [k, largest](const auto& row, auto& order) {
        const auto before = [&](std::int64_t i, std::int64_t j) {
          const auto a = row[static_cast<std::size_t>(i)], b = row[static_cast<std::size_t>(j)];
          if (largest ? less(b, a) : less(a, b)) return true;
          return !(largest ? less(a, b) : less(b, a)) && i < j;
        };
        std::partial_sort(order.begin(), order.begin() + k, order.end(), before);
      });
  return {taken("topk", x, line, at), at};
}

ValuesIndices kthvalue(Operand x, std::int64_t k, Dim dim, Flag keepdim) {
  const OpScope scope("kthvalue", x);
  check_rank("kthvalue", x, Line("kthvalue", x, dim), k, 1);
  return at_place("kthvalue", x, dim, keepdim, [k](std::int64_t, std::int64_t) { return k - 1; });
}
ValuesIndices median(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("median", x);
  return at_place("median", x, dim, keepdim, middle);
}
ValuesIndices nanmedian(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("nanmedian", x);
  return at_place("nanmedian", x, dim, keepdim, middle_of_numbers);
}
Tensor median(Operand x) {
  const OpScope scope("median", x);
  if (is_empty_floats(x)) return mean(x);
  return chosen_of_all("median", x, median(row_of(x), 0).values);
}
Tensor nanmedian(Operand x) {
  const OpScope scope("nanmedian", x);
  if (is_empty_floats(x)) return mean(x);
  return chosen_of_all("nanmedian", x, nanmedian(row_of(x), 0).values);
}

ValuesIndices mode(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("mode", x);
  const Line line("mode", x, dim);
  check_not_empty("mode", x, line);
  const Tensor at = chosen_positions(x.materialize(), line, 1, [](const auto& row, auto& order) {
    const auto value = [&row](std::int64_t i) { return row[static_cast<std::size_t>(i)]; };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int64_t i, std::int64_t j) { return less(value(i), value(j)); });
    std::size_t best = 0, longest = 0, start = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (less(value(order[start]), value(order[i]))) start = i;
      if (i - start + 1 > longest) longest = i - start + 1, best = i;
    }
    order.front() = order[best];
  });
  return one_of_each("mode", x, line, at, keepdim);
}

ValuesIndices max(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("max", x);
  return extreme("max", x, dim, keepdim, [](auto a, auto b) { return a > b; });
}
ValuesIndices min(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("min", x);
  return extreme("min", x, dim, keepdim, [](auto a, auto b) { return a < b; });
}
Tensor max(Operand x) {
  const OpScope scope("max", x);
  return amax(x);
}
Tensor min(Operand x) {
  const OpScope scope("min", x);
  return amin(x);
}
Tensor max(Operand a, const Tensor& b) {
  const OpScope scope("max", a);
  return maximum(a, b);
}
Tensor min(Operand a, const Tensor& b) {
  const OpScope scope("min", a);
  return minimum(a, b);
}

}  // namespace xgrad
