#include <xgrad/ops/index_slices.hpp>

#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/reshape.hpp>

#include "axis.hpp"
#include "kernels/bounds.hpp"
#include "kernels/positions.hpp"
#include "movement/gather_rows.hpp"
#include "sizes.hpp"

namespace xgrad {
namespace {

using detail::checked_positions;
using detail::gather_rows;
using detail::new_positions;
using detail::positions_of;
using detail::saturated_product;
using detail::scatter_add_rows;
using detail::scatter_rows;

// Slices along an axis by their numbers: rows, and the shape of all that are taken.
struct Slices {
  Tensor positions;
  std::int64_t inner;
  Shape shape;
};
Slices slices_of(const char* op, const Operand& x, int dim, const Tensor& index) {
  const int axis = detail::wrap_dim(op, x, dim);
  if (index.dim() > 1)
    throw ShapeError(
        fmt::format("{}: the index tensor is {}; it must be 1-d", op, detail::describe(index)));
  const detail::AxisSplit m = detail::split_at(x.shape(), axis);
  const Tensor along = checked_positions(op, index, m.size);
  const std::int64_t count = along.numel();
  Shape shape = x.shape();
  if (shape.dim() == 0 && count != 1)
    throw ShapeError(
        fmt::format("{}: the index tensor is {}; it must have 1 element, because {} is 0-d", op,
                    detail::describe(index), describe(x)));
  if (shape.dim() > 0) shape[axis] = count;
  if (shape.numel() == 0) return {new_positions({0}), 1, shape};  // another axis may be long
  const Tensor positions = new_positions({m.outer * count});
  const detail::AxisPositions axes[] = {{m.outer, m.size}, {count, 1, positions_of(along)}};
  detail::positions_by_axes(axes, 0, positions_of(positions));
  return {positions, m.inner, shape};
}

Tensor source_slices(const char* op, const Operand& x, const Operand& source, const Slices& s) {
  const bool one_number = source.shape().dim() == 0 && s.shape.numel() == 1;
  if (source.shape() != s.shape && !one_number)
    throw ShapeError(
        fmt::format("{}: the source is {}; it must be {}, the shape of the indexed slices of {}",
                    op, describe(source), to_string(s.shape), describe(x)));
  const Tensor t = source.materialize(x.dtype());
  if (t.dtype() != x.dtype())
    throw DTypeError(
        fmt::format("{}: the source is {}, the input {}; both must have the same dtype", op,
                    describe(source), describe(x)));
  return t;
}

}  // namespace

Tensor index_select(Operand x, Dim dim, const Tensor& index) {
  const OpScope scope("index_select", x);
  const Slices s = slices_of("index_select", x, dim, index);
  return gather_rows({"index_select", "dx = dy, added at the slices that were read"}, x,
                     s.positions, s.inner, s.shape);
}

Tensor index_add(Operand x, Dim dim, const Tensor& index, Operand source, Operand alpha) {
  const OpScope scope("index_add", x);
  const Slices s = slices_of("index_add", x, dim, index);
  const Tensor slices = source_slices("index_add", x, source, s);
  const bool plain = alpha.is_number() && alpha.number<double>() == 1;
  return scatter_add_rows({"index_add", "dx = dy, dsource = alpha * dy at the indices"}, x,
                          s.positions, plain ? slices : slices * alpha, s.inner);
}

Tensor index_copy(Operand x, Dim dim, const Tensor& index, Operand source) {
  const OpScope scope("index_copy", x);
  const Slices s = slices_of("index_copy", x, dim, index);
  return scatter_rows({"index_copy", "dx = dy, 0 at the indices; dsource = dy at the indices"}, x,
                      s.positions, source_slices("index_copy", x, source, s), s.inner);
}

Tensor index_fill(Operand x, Dim dim, const Tensor& index, Operand value) {
  const OpScope scope("index_fill", x);
  if (x.shape().dim() == 0) {
    detail::wrap_dim("index_fill", x, dim);
    return reshape(index_fill(reshape(x, {1}), 0, index, value), {});
  }
  const Slices s = slices_of("index_fill", x, dim, index);
  if (value.shape().dim() > 0)
    throw ShapeError(fmt::format("index_fill: the value is {}; it must be a number or a 0-d tensor",
                                 describe(value)));
  const Tensor slices = expand(value.materialize(x.dtype()).to(x.dtype()), s.shape);
  return scatter_rows(
      {"index_fill", "dx = dy, 0 at the indices; dvalue = sum of dy at the indices"}, x,
      s.positions, slices, s.inner);
}

Tensor repeat_interleave(Operand x, const Tensor& repeats, std::optional<Dim> dim) {
  const OpScope scope("repeat_interleave", x);
  if (!dim) return repeat_interleave(reshape(x, {-1}), repeats, 0);
  const int axis = detail::wrap_dim("repeat_interleave", x, *dim);
  const std::int64_t n = x.shape().dim() == 0 ? 1 : x.shape()[axis];
  if (repeats.dtype() != int64 || repeats.dim() > 1 ||
      (repeats.numel() != n && repeats.numel() != 1))
    throw ShapeError(
        fmt::format("repeat_interleave: repeats is {}; it must be int64 with 1 element, or {}, the "
                    "size of dim {} of {}",
                    detail::describe(repeats), n, axis, describe(x)));
  constexpr std::int64_t least = 0, most = std::numeric_limits<std::int64_t>::max();
  if (const auto bad =
          detail::first_outside(int64, repeats.numel(), detail::raw<void>(repeats), least, most))
    throw ValueError(
        fmt::format("repeat_interleave: repeats contains {}; repeats must be at least 0", *bad));
  const bool one = repeats.numel() == 1;
  const std::int64_t sum = detail::saturated_total(repeats.numel(), positions_of(repeats)),
                     all = one ? saturated_product(n, sum) : sum;
  const Tensor at = new_positions({all});
  if (all > 0)  // else n may be large
    detail::repeat_positions(n, positions_of(repeats), one ? 0 : 1, positions_of(at));
  return index_select(x, axis, at);
}
Tensor repeat_interleave(Operand x, std::int64_t repeats, std::optional<Dim> dim) {
  const OpScope scope("repeat_interleave", x);
  return repeat_interleave(x, tensor(repeats), dim);
}

}  // namespace xgrad
