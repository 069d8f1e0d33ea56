#include <xgrad/ops/diagonal.hpp>

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/triangle.hpp"
#include "movement/strided_copy.hpp"

namespace xgrad {
namespace {

using detail::StridedRegion;
using detail::Value;

struct Pair {
  int first, second;
};
Pair distinct(const char* op, const Operand& x, int rank, int dim1, int dim2) {
  const auto wrapped = [&](int dim) {
    if (dim < -rank || dim >= rank)
      throw ShapeError(fmt::format("{}: dim {} is out of range for {}; it must be in [{}, {}]", op,
                                   dim, describe(x), -rank, rank - 1));
    return dim < 0 ? dim + rank : dim;
  };
  const Pair p{wrapped(dim1), wrapped(dim2)};
  if (p.first == p.second)
    throw ShapeError(fmt::format("{}: dim1 and dim2 are both dim {} of {}; they must differ", op,
                                 p.first, describe(x)));
  return p;
}

// The diagonal of a matrix that lies along two axes of a view, as a last axis.
StridedRegion diagonal_of(const StridedRegion& whole, const Pair& p, std::int64_t offset,
                          std::vector<std::int64_t>& sizes) {
  StridedRegion view;
  for (int i = 0; i < whole.axes; ++i) {
    if (i == p.first || i == p.second) continue;
    view.add_axis(whole.size[i], whole.stride[i]);
    sizes.push_back(whole.size[i]);
  }
  const std::int64_t rows = whole.size[p.first] - std::max<std::int64_t>(0, -offset),
                     columns = whole.size[p.second] - std::max<std::int64_t>(0, offset);
  const std::int64_t n = std::max<std::int64_t>(0, std::min(rows, columns));
  if (n > 0)
    view.offset = whole.offset +
                  (offset >= 0 ? offset * whole.stride[p.second] : -offset * whole.stride[p.first]);
  view.add_axis(n, whole.stride[p.first] + whole.stride[p.second]);
  sizes.push_back(n);
  return view;
}

// Zeros outside a triangle: below is whether it is the lower one.
Tensor triangle(const char* op, const Operand& x, std::int64_t diagonal, bool lower) {
  const Shape& s = x.shape();
  if (s.dim() < 2)
    throw ShapeError(fmt::format("{}: {} must have at least 2 dims", op, describe(x)));
  const Tensor source = x.materialize();
  Value value = Value::empty(s, source.dtype());
  const detail::Triangle kept{s[s.dim() - 2], s.back(), diagonal, lower};
  if (s.numel() > 0)  // another axis may be long
    detail::copy_triangle(value.dtype, s.numel() / (kept.rows * kept.columns), kept,
                          detail::raw<void>(source), value.data<void>());
  return record({op, "dx = dy in the triangle, 0 elsewhere"}, {x}, std::move(value), save_nothing,
                [op, diagonal, lower](const Tensor& dy, Inputs, InputGradients dx) {
                  dx.add(0, triangle(op, dy, diagonal, lower));
                });
}

}  // namespace

Tensor diagonal(Operand x, int offset, Dim dim1, Dim dim2) {
  const OpScope scope("diagonal", x);
  const Pair p = distinct("diagonal", x, x.shape().dim(), dim1, dim2);
  std::vector<std::int64_t> sizes;
  const StridedRegion view = diagonal_of(detail::row_major(x.shape()), p, offset, sizes);
  return detail::as_strided_copy("diagonal", x, sizes, view);
}

Tensor diag_embed(Operand x, int offset, Dim dim1, Dim dim2) {
  const OpScope scope("diag_embed", x);
  const int rank = x.shape().dim() + 1;
  if (rank < 2)
    throw ShapeError(fmt::format(
        "diag_embed: {} must have at least 1 dim, which becomes the diagonal", describe(x)));
  const Pair p = distinct("diag_embed", x, rank, dim1, dim2);
  const std::int64_t n = x.shape().back() + std::abs(std::int64_t{offset});
  std::vector<std::int64_t> sizes(x.shape().begin(), x.shape().end() - 1), unused;
  sizes.insert(sizes.begin() + std::min(p.first, p.second), n);
  sizes.insert(sizes.begin() + std::max(p.first, p.second), n);
  const Shape shape(sizes);
  return detail::as_strided_scatter(x.materialize(), shape,
                                    diagonal_of(detail::row_major(shape), p, offset, unused));
}

Tensor diag(Operand x, int diagonal) {
  const OpScope scope("diag", x);
  if (x.shape().dim() == 1) return diag_embed(x, diagonal);
  if (x.shape().dim() == 2) return xgrad::diagonal(x, diagonal);
  throw ShapeError(fmt::format(
      "diag: {} must be 1-d or 2-d; use diagonal or diag_embed for other shapes", describe(x)));
}

Tensor diagflat(Operand x, int offset) {
  const OpScope scope("diagflat", x);
  return diag_embed(reshape(x, {-1}), offset);
}

Tensor tril(Operand x, int diagonal) {
  const OpScope scope("tril", x);
  return triangle("tril", x, diagonal, true);
}
Tensor triu(Operand x, int diagonal) {
  const OpScope scope("triu", x);
  return triangle("triu", x, diagonal, false);
}

}  // namespace xgrad
