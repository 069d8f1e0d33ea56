#include <xgrad/ops/scatter.hpp>

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/diagonal.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/bounds.hpp"
#include "kernels/positions.hpp"
#include "kernels/triangle.hpp"
#include "movement/along_lines.hpp"
#include "movement/gather_rows.hpp"
#include "movement/scatter_indices.hpp"
#include "movement/tensor_indexing.hpp"
#include "sizes.hpp"

namespace xgrad {
namespace {

using detail::checked_positions;
using detail::gather_rows;
using detail::new_positions;
using detail::positions_along;
using detail::positions_of;
using detail::saturated_product;
using detail::saturated_sum;
using detail::scatter_add_rows;
using detail::scatter_rows;

constexpr const char* put_back = "dx = dy, added at the elements that were read";

void check_mask(const char* op, const Tensor& mask) {
  if (mask.dtype() != bool_)
    throw DTypeError(
        fmt::format("{}: the mask is {}; it must be bool, such as the result of a comparison", op,
                    detail::describe(mask)));
}
// x and the mask in one shape.
struct Masked {
  Tensor x, mask;
};
Masked masked(const char* op, const Operand& x, const Tensor& mask) {
  check_mask(op, mask);
  const Shape shape = broadcast_shape(op, x, mask);
  return {expand(x, shape), expand(mask, shape)};
}
Tensor true_positions(const Tensor& mask) {
  const auto* const holds = static_cast<const bool*>(detail::raw<void>(mask));
  const Tensor at = new_positions({detail::count_true(mask.numel(), holds)});
  detail::true_positions(mask.numel(), holds, at.numel(), positions_of(at));
  return at;
}

Tensor flat(const Operand& x) { return reshape(x, {-1}); }

}  // namespace

Tensor gather(Operand x, Dim dim, const Tensor& index) {
  const OpScope scope("gather", x);
  const int axis = detail::wrap_dim("gather", x, dim);
  if (detail::lies_over(index, x.shape(), axis))
    return detail::gather_along({"gather", put_back}, x, axis, index);
  return gather_rows({"gather", put_back}, x, detail::gathered_positions("gather", x, axis, index),
                     index.shape());
}

Tensor scatter_add(Operand x, Dim dim, const Tensor& index, Operand src) {
  const OpScope scope("scatter_add", x);
  constexpr OpName name{"scatter_add", "dx = dy, dsrc = dy gathered at index"};
  const int axis = detail::wrap_dim("scatter_add", x, dim);
  if (axis == x.shape().dim() - 1 && detail::lies_over(index, x.shape(), axis))
    return detail::add_along(name, x, index,
                             detail::source_over("scatter_add", src, index, x.dtype()));
  const detail::Scattering s = detail::scattering("scatter_add", x, axis, index, src);
  return scatter_add_rows(name, x, s.positions, s.source);
}

Tensor scatter(Operand x, Dim dim, const Tensor& index, Operand src) {
  const OpScope scope("scatter", x);
  const detail::Scattering s = detail::scattering("scatter", x, dim, index, src);
  return scatter_rows({"scatter", "dx = dy, 0 where written; dsrc = dy gathered at index"}, x,
                      s.positions, s.source);
}

Tensor take_along_dim(Operand x, const Tensor& indices, std::optional<Dim> dim) {
  const OpScope scope("take_along_dim", x);
  if (!dim) return take_along_dim(flat(x), reshape(indices, {-1}), 0);
  const int axis = detail::wrap_dim("take_along_dim", x, *dim);
  const Shape& s = x.shape();
  if (indices.dim() != s.dim())
    throw ShapeError(fmt::format(
        "take_along_dim: indices is {}, the input {}; both must have the same number of dims",
        detail::describe(indices), describe(x)));
  Shape wide = s, places = indices.shape();
  if (s.dim() > 0) wide[axis] = places[axis] = 1;
  const std::optional<Shape> both = detail::broadcast_of(wide, places);
  if (!both)
    throw ShapeError(
        fmt::format("take_along_dim: indices {} does not broadcast with {}; all sizes except that "
                    "of dim {} must be equal or 1",
                    detail::describe(indices), describe(x), axis));
  wide = places = *both;
  if (s.dim() > 0) {
    wide[axis] = s[axis];
    places[axis] = indices.size(axis);
  }
  const Tensor positions = checked_positions("take_along_dim", indices, s.dim() == 0 ? 1 : s[axis]);
  return gather(expand(x, wide), axis, expand(positions, places));
}

Tensor take(Operand x, const Tensor& index) {
  const OpScope scope("take", x);
  return gather_rows({"take", put_back}, x, checked_positions("take", index, x.shape().numel()),
                     index.shape());
}

Tensor index_put(Operand x, const std::vector<Index>& indices, Operand values, Flag accumulate) {
  const OpScope scope("index_put", x);
  const detail::PositionsOf at = detail::select_positions("index_put", x, indices);
  const Tensor typed = values.materialize(x.dtype());
  if (typed.dtype() != x.dtype())
    throw DTypeError(
        fmt::format("index_put: values is {}, the input {}; both must have the same dtype",
                    describe(values), describe(x)));
  const std::optional<Shape> both = detail::broadcast_of(typed.shape(), at.shape);
  if (!both || both->numel() != at.shape.numel())
    throw ShapeError(
        fmt::format("index_put: values is {}; it must broadcast to {}, the shape that the indices "
                    "select from {}",
                    describe(values), to_string(at.shape), describe(x)));
  const Tensor part = expand(typed, *both);
  return accumulate
             ? scatter_add_rows({"index_put", "dx = dy, dvalues = dy at the indices"}, x,
                                at.positions, part, at.inner)
             : scatter_rows({"index_put", "dx = dy, 0 at the indices; dvalues = dy at the indices"},
                            x, at.positions, part, at.inner);
}

namespace {

// src, which has to have the shape of the part, put in its place, in x's dtype.
Tensor put_part(const char* op, const Operand& x, const Operand& src,
                const std::vector<Index>& part) {
  const detail::PositionsOf at = detail::select_positions(op, x, part);
  if (src.shape() != at.shape)
    throw ShapeError(
        fmt::format("{}: src is {}; it must be {}, the shape of the selected part of {}", op,
                    describe(src), to_string(at.shape), describe(x)));
  return index_put(x, part, src.materialize(x.dtype()).to(x.dtype()));
}
std::vector<Index> at_axis(int axis, const Index& entry) {
  std::vector<Index> part(static_cast<std::size_t>(axis), Index(Slice()));
  part.push_back(entry);
  return part;
}

}  // namespace

Tensor select_scatter(Operand x, Operand src, Dim dim, std::int64_t i) {
  const OpScope scope("select_scatter", x);
  return put_part("select_scatter", x, src, at_axis(detail::wrap_dim("select_scatter", x, dim), i));
}
Tensor slice_scatter(Operand x, Operand src, Dim dim, Slice slice) {
  const OpScope scope("slice_scatter", x);
  return put_part("slice_scatter", x, src,
                  at_axis(detail::wrap_dim("slice_scatter", x, dim), slice));
}
Tensor diagonal_scatter(Operand x, Operand src, int offset, Dim dim1, Dim dim2) {
  const OpScope scope("diagonal_scatter", x);
  const Tensor all = reshape(arange(x.shape().numel()), x.shape());
  const Tensor at = diagonal(all, offset, dim1, dim2);
  if (src.shape() != at.shape())
    throw ShapeError(
        fmt::format("diagonal_scatter: src is {}; it must be {}, the shape of the diagonal of {}",
                    describe(src), to_string(at.shape()), describe(x)));
  return scatter_rows({"diagonal_scatter", "dx = dy, 0 on the diagonal; dsrc = dy on the diagonal"},
                      x, at, src);
}

Tensor masked_fill(Operand x, const Tensor& mask, Operand value) {
  const OpScope scope("masked_fill", x);
  check_mask("masked_fill", mask);
  if (value.shape().dim() > 0)
    throw ShapeError(fmt::format(
        "masked_fill: the value is {}; it must be a number or a 0-d tensor", describe(value)));
  const Tensor typed = value.materialize(x.dtype()).to(x.dtype());
  return where(mask, typed, x);
}

Tensor masked_select(Operand x, const Tensor& mask) {
  const OpScope scope("masked_select", x);
  const Masked m = masked("masked_select", x, mask);
  const Tensor at = true_positions(m.mask);
  return gather_rows({"masked_select", put_back}, m.x, at, at.shape());
}

Tensor masked_scatter(Operand x, const Tensor& mask, Operand source) {
  const OpScope scope("masked_scatter", x);
  const Masked m = masked("masked_scatter", x, mask);
  const Tensor at = true_positions(m.mask), row = flat(source);
  if (row.numel() < at.numel())
    throw ShapeError(
        fmt::format("masked_scatter: source is {}; it must have at least {} elements, one for each "
                    "true element of the mask",
                    describe(source), at.numel()));
  return scatter_rows({"masked_scatter", "dx = dy, 0 where written; dsource = dy at the mask"}, m.x,
                      at, narrow(row, 0, 0, at.numel()));
}

Tensor nonzero(const Tensor& x, Site site) {
  const OpScope scope("nonzero", site);
  const Tensor at = true_positions(x.detach().to(bool_));
  const Tensor rows = new_positions({at.numel(), x.dim()});
  detail::unravel_positions(at.numel(), x.shape(), positions_of(at), positions_of(rows));
  return rows;
}

Tensor one_hot(const Tensor& x, std::int64_t num_classes, Site site) {
  const OpScope scope("one_hot", site);
  std::int64_t classes = num_classes;
  if (classes < -1)
    throw ValueError(fmt::format(
        "one_hot: num_classes is {}; it must be at least 0, or -1 to infer it", classes));
  if (classes < 0) {
    if (x.numel() == 0)
      throw ValueError(
          "one_hot: num_classes cannot be inferred from a tensor without elements; pass "
          "num_classes");
    detail::check_position_type("one_hot", x);
    const std::int64_t last = detail::largest_integer(int64, x.numel(), detail::raw<void>(x));
    classes = saturated_sum(last, 1);
  }
  const Tensor at = checked_positions("one_hot", x, classes, /*wraps=*/false);
  std::vector<std::int64_t> sizes(x.shape().begin(), x.shape().end());
  sizes.push_back(classes);
  const Tensor y = new_positions(sizes);
  detail::one_hot(x.numel(), classes, positions_of(at), positions_of(y));
  return y;
}

namespace {

std::int64_t difference(std::int64_t a, std::int64_t b) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return saturated_sum(a, -std::max(b, -most));
}

// How many places (r, c) of a matrix have c - r <= offset.
std::int64_t count_below(std::int64_t rows, std::int64_t columns, std::int64_t offset) {
  if (columns == 0) return 0;
  // The rows from `first` on have some, those from `full` on have them all.
  const std::int64_t first = std::clamp<std::int64_t>(difference(0, offset), 0, rows),
                     full = std::clamp(difference(columns - 1, offset), first, rows);
  const std::int64_t sloped = full - first, least = sloped > 0 ? first + offset + 1 : 0;
  const std::int64_t rises = sloped % 2 == 0 ? saturated_product(sloped / 2, sloped - 1)
                                             : saturated_product(sloped, (sloped - 1) / 2);
  return saturated_sum(saturated_sum(saturated_product(sloped, least), rises),
                       saturated_product(rows - full, columns));
}

void check_sizes(const char* op, std::int64_t rows, std::int64_t columns) {
  if (rows < 0 || columns < 0)
    throw ShapeError(fmt::format(
        "{}: the matrix has {} rows and {} columns; both must be at least 0", op, rows, columns));
}

}  // namespace

Tensor tril_indices(std::int64_t rows, std::int64_t columns, std::int64_t offset, Site site) {
  const OpScope scope("tril_indices", site);
  check_sizes("tril_indices", rows, columns);
  const std::int64_t count = count_below(rows, columns, offset);
  const Tensor places = new_positions({2, count});
  detail::triangle_places({rows, columns, offset, /*lower=*/true}, count, positions_of(places),
                          positions_of(places) + count);
  return places;
}
Tensor triu_indices(std::int64_t rows, std::int64_t columns, std::int64_t offset, Site site) {
  const OpScope scope("triu_indices", site);
  check_sizes("triu_indices", rows, columns);
  // The same turned around: c' - r' = (columns - rows) - (c - r).
  const std::int64_t count = count_below(rows, columns, difference(columns - rows, offset));
  const Tensor places = new_positions({2, count});
  detail::triangle_places({rows, columns, offset, /*lower=*/false}, count, positions_of(places),
                          positions_of(places) + count);
  return places;
}

}  // namespace xgrad
