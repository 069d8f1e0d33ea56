#include <xgrad/ops/sorting.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/scatter.hpp>

#include "axis.hpp"
#include "kernels/extreme.hpp"
#include "kernels/sort.hpp"
#include "movement/along_lines.hpp"
#include "movement/gather_rows.hpp"
#include "reduction/record_chosen.hpp"

namespace xgrad {
namespace {

using detail::AxisSplit;
using detail::Extreme;
using detail::positions_of;
using detail::Rank;
using detail::raw;

// The lines along an axis; a 0-d tensor is a line of one.
struct Lines : AxisSplit {
  int axis;

  Lines(const char* op, const Operand& x, int dim) : axis(detail::wrap_dim(op, x, dim)) {
    AxisSplit::operator=(detail::split_at(x.shape(), axis));
  }
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

// Positions along the axis, shaped as x with k in the axis's place: chosen(positions).
template <class F>
Tensor positions_in(const Operand& x, const Lines& lines, std::int64_t k, F chosen) {
  const Tensor at = detail::new_positions(with_size(x.shape(), lines.axis, k));
  chosen(positions_of(at));
  return at;
}

Tensor sorted_positions(const Operand& x, const Lines& lines, bool descending) {
  const Tensor source = x.materialize();
  return positions_in(x, lines, lines.size, [&](std::int64_t* at) {
    detail::sort_lines(source.dtype(), lines, descending, raw<void>(source), at);
  });
}

// The elements at positions along the axis.
Tensor taken(const char* op, const Operand& x, const Lines& lines, const Tensor& at) {
  constexpr const char* rule = "dx = dy at the selected elements, 0 elsewhere";
  if (x.shape().dim() > 0) return detail::gather_along({op, rule}, x, lines.axis, at);
  return detail::gather_rows({op, rule}, x, at, at.shape());
}

ValuesIndices one_of_each(const char* op, const Operand& x, const Lines& lines, const Tensor& at,
                          bool keepdim) {
  const Shape shape = without_axis(x.shape(), lines.axis, keepdim);
  return {reshape(taken(op, x, lines, at), shape), reshape(at, shape)};
}

// Of these all averages are NaN.
bool is_empty_floats(const Operand& x) { return x.shape().numel() == 0 && is_floating(x.dtype()); }

void check_not_empty(const char* op, const Operand& x, const Lines& lines) {
  if (lines.size == 0)
    throw ShapeError(fmt::format("{}: dim {} of {} is empty; it must have a nonzero size", op,
                                 lines.axis, describe(x)));
}

// One element of each line: chosen(dtype, lines, x, positions).
template <class F>
ValuesIndices chosen_of_each(const char* op, const Operand& x, int dim, bool keepdim, F chosen) {
  const Lines lines(op, x, dim);
  check_not_empty(op, x, lines);
  const Tensor source = x.materialize();
  const Tensor at = positions_in(
      x, lines, 1, [&](std::int64_t* to) { chosen(source.dtype(), lines, raw<void>(source), to); });
  return one_of_each(op, x, lines, at, keepdim);
}

ValuesIndices at_rank(const char* op, const Operand& x, int dim, bool keepdim, Rank rank) {
  return chosen_of_each(
      op, x, dim, keepdim,
      [rank](DType dtype, const AxisSplit& lines, const void* from, std::int64_t* at) {
        detail::select_in_lines(dtype, lines, rank, from, at);
      });
}

ValuesIndices extreme(const char* op, const Operand& x, int dim, bool keepdim, Extreme which) {
  return chosen_of_each(
      op, x, dim, keepdim,
      [which](DType dtype, const AxisSplit& lines, const void* from, std::int64_t* at) {
        detail::positions_of_extremes(dtype, lines, which, from, at);
      });
}

Tensor row_of(const Operand& x) { return reshape(x, {-1}); }

void check_rank(const char* op, const Operand& x, const Lines& lines, std::int64_t k,
                std::int64_t least) {
  if (k < least || k > lines.size)
    throw ValueError(fmt::format("{}: k is {} for dim {} of {}; it must be in [{}, {}]", op, k,
                                 lines.axis, describe(x), least, lines.size));
}

Tensor chosen_of_all(const char* op, const Operand& x, const Tensor& value) {
  return detail::record_chosen(op, x, detail::value_of(value),
                               (std::uint64_t{1} << x.shape().dim()) - 1);
}

}  // namespace

ValuesIndices sort(Operand x, Dim dim, Flag descending) {
  const OpScope scope("sort", x);
  const Lines lines("sort", x, dim);
  const Tensor at = sorted_positions(x, lines, descending);
  return {taken("sort", x, lines, at), at};
}
Tensor argsort(Operand x, Dim dim, Flag descending) {
  const OpScope scope("argsort", x);
  return sorted_positions(x, Lines("argsort", x, dim), descending);
}
Tensor msort(Operand x) {
  const OpScope scope("msort", x);
  return sort(x, 0).values;
}

ValuesIndices topk(Operand x, std::int64_t k, Dim dim, Flag largest) {
  const OpScope scope("topk", x);
  const Lines lines("topk", x, dim);
  check_rank("topk", x, lines, k, 0);
  if (x.shape().dim() == 0)
    return {x.materialize(), detail::checked_positions("topk", reshape(argsort(x), {}), 1)};
  const Tensor source = x.materialize();
  const Tensor at = positions_in(x, lines, k, [&](std::int64_t* to) {
    detail::top_of_lines(source.dtype(), lines, k, largest, raw<void>(source), to);
  });
  return {taken("topk", x, lines, at), at};
}

ValuesIndices kthvalue(Operand x, std::int64_t k, Dim dim, Flag keepdim) {
  const OpScope scope("kthvalue", x);
  check_rank("kthvalue", x, Lines("kthvalue", x, dim), k, 1);
  return at_rank("kthvalue", x, dim, keepdim, {Rank::kth, k - 1});
}
ValuesIndices median(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("median", x);
  return at_rank("median", x, dim, keepdim, {Rank::median});
}
ValuesIndices nanmedian(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("nanmedian", x);
  return at_rank("nanmedian", x, dim, keepdim, {Rank::median_of_numbers});
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
  return chosen_of_each("mode", x, dim, keepdim, detail::modes_of_lines);
}

ValuesIndices max(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("max", x);
  return extreme("max", x, dim, keepdim, Extreme::largest);
}
ValuesIndices min(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("min", x);
  return extreme("min", x, dim, keepdim, Extreme::least);
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
