#include <xgrad/ops/scan.hpp>

#include <cmath>
#include <span>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/rearrange.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "axis.hpp"
#include "checks.hpp"
#include "kernels/scan.hpp"
#include "movement/gather_rows.hpp"
#include "reduction/linear_recurrence.hpp"

namespace xgrad {
namespace {

using detail::Extreme;
using detail::raw;
using detail::split_at;
using detail::Value;

template <class Kernel>
Value running(const Tensor& x, int axis, Kernel kernel) {
  Value y = Value::empty(x.shape(), x.dtype());
  kernel(x.dtype(), split_at(x.shape(), axis), raw<void>(x), y.data<void>());
  return y;
}

ValuesIndices running_extreme(const char* op, const Operand& x, int dim, Extreme which) {
  const int axis = detail::wrap_dim(op, x, dim);
  const Tensor source = x.materialize();
  const Tensor elements = detail::new_positions(source.shape()),
               places = detail::new_positions(source.shape());
  detail::running_extreme(source.dtype(), split_at(source.shape(), axis), which, raw<void>(source),
                          detail::positions_of(elements), detail::positions_of(places));
  return {detail::gather_rows({op, "dx = dy, added at the elements that were chosen"}, x, elements,
                              source.shape()),
          places};
}

// True for the first along an axis.
Tensor first_mark(const Shape& shape, int axis) {
  std::vector<std::int64_t> column(static_cast<std::size_t>(shape.dim()), 1);
  column[static_cast<std::size_t>(axis)] = shape[axis];
  return reshape(eq(arange(shape[axis]), 0), column);
}

// By a recurrence, whose gradient divides by no element.
Tensor cumprod_by_scan(const Tensor& x, int axis) {
  const Tensor first = first_mark(x.shape(), axis);
  return detail::linear_scan(where(first, 0, x), where(first, x, 0), axis);
}
// Divides by no element either.
Tensor cumprod_gradient(const Tensor& x, const Tensor& y, const Tensor& dy, int axis) {
  const std::int64_t n = x.size(axis);
  if (x.numel() == 0) return x;
  const Tensor one = ones_like(narrow(x, axis, 0, 1));
  const Tensor next = cat({narrow(x, axis, 1, n - 1), one}, axis),
               before = cat({one, narrow(y, axis, 0, n - 1)}, axis);
  Value g = Value::empty(x.shape(), x.dtype());
  detail::linear_recurrence(x.dtype(), split_at(x.shape(), axis), detail::Direction::backward,
                            raw<void>(next), raw<void>(dy), nullptr, g.data<void>());
  return detail::constant(std::move(g)) * before;
}

}  // namespace

Tensor cumprod(Operand x, Dim dim) {
  const OpScope scope("cumprod", x);
  const int axis = detail::wrap_dim("cumprod", x, dim);
  if (!is_floating(x.dtype())) {
    return detail::constant(running(x.materialize().to(int64), axis, detail::running_product));
  }
  if (x.shape().dim() == 0) return x.materialize();
  return record({"cumprod", "dx[i] = y[i - 1] g[i] with g[i] = dy[i] + x[i + 1] g[i + 1]"}, {x},
                running(x.materialize(), axis, detail::running_product), save_inputs | save_output,
                [axis](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.create_graph())
                    return dx.backward_through({cumprod_by_scan(in[0], axis)}, std::span(&dy, 1));
                  dx.add(0, cumprod_gradient(in[0], in.output(), dy, axis));
                });
}

Tensor logcumsumexp(Operand x, Dim dim) {
  const OpScope scope("logcumsumexp", x);
  detail::check_floating("logcumsumexp", x);
  const int axis = detail::wrap_dim("logcumsumexp", x, dim);
  const Tensor source = x.materialize();
  return record({"logcumsumexp", "dx[i] = sum over j >= i of dy[j] e^(x[i] - y[j])"}, {x},
                running(source, axis, detail::running_logsumexp), save_inputs | save_output,
                [axis](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dy.dim() == 0) return dx.add(0, dy);
                  // Powers of differences: in float32 those of large numbers are rounded to a few
                  // digits.
                  const bool exact = dy.dtype() == float64;
                  const Tensor from = in[0].to(float64),
                               y = exact ? in.output() : logcumsumexp(from, axis);
                  // r[i] = dy[i] + e^(y[i] - y[i + 1]) r[i + 1]: no power is above 1.
                  const detail::Direction back = detail::Direction::backward;
                  const Tensor next = detail::shift_by_one(y, axis, back);
                  // Behind the last there is nothing, and behind -inf no power; neither may
                  // overflow.
                  const Tensor ended = logical_or(flip(first_mark(y.shape(), axis), {axis}),
                                                  next.detach() == -INFINITY);
                  const Tensor decay = where(ended, 0, exp(where(ended, 0, y - next)));
                  const Tensor r = detail::linear_scan(decay, dy.to(float64), axis, back);
                  const Tensor gradient = where(y.detach() == -INFINITY, 0, exp(from - y)) * r;
                  dx.add(0, gradient.to(dy.dtype()));
                });
}

ValuesIndices cummax(Operand x, Dim dim) {
  const OpScope scope("cummax", x);
  return running_extreme("cummax", x, dim, Extreme::largest);
}
ValuesIndices cummin(Operand x, Dim dim) {
  const OpScope scope("cummin", x);
  return running_extreme("cummin", x, dim, Extreme::least);
}

Tensor diff(Operand x, int n, Dim dim, const Tensor& prepend, const Tensor& append) {
  const OpScope scope("diff", x);
  const int axis = detail::wrap_dim("diff", x, dim);
  if (n < 0 || x.shape().dim() == 0)
    throw ValueError(fmt::format(
        "diff: n is {} for {}; n must be at least 0, and the input at least 1-d", n, describe(x)));
  std::vector<Tensor> parts;
  for (const Tensor& t : {prepend, x.materialize(), append})
    if (t.defined()) parts.push_back(t);
  Tensor y = parts.size() == 1 ? x.materialize() : cat(parts, axis);
  if (n == 0) return x.materialize();
  if (y.numel() == 0)  // of any size along the axis
    return narrow(y, axis, 0, std::max<std::int64_t>(0, y.size(axis) - n));
  for (int i = 0; i < n && y.size(axis) > 0; ++i) {
    const std::int64_t m = y.size(axis) - 1;
    y = y.dtype() == bool_ ? ne(narrow(y, axis, 1, m), narrow(y, axis, 0, m))
                           : narrow(y, axis, 1, m) - narrow(y, axis, 0, m);
  }
  return y;
}

namespace {

// The trapezoids between neighbours along an axis.
Tensor trapezoids(const char* op, const Operand& y, const Tensor& x, double dx, int axis) {
  if (y.shape().dim() == 0)
    throw ShapeError(
        fmt::format("{}: {} is 0-d; the input must have at least 1 dim", op, describe(y)));
  const Tensor source = y.materialize();
  const std::int64_t m = std::max<std::int64_t>(0, source.size(axis) - 1);
  if (source.size(axis) == 0) return narrow(source, axis, 0, 0);
  const Tensor pairs = narrow(source, axis, 0, m) + narrow(source, axis, 1, m);
  if (!x.defined()) return pairs * (dx / 2);
  if (x.dim() == 0 || x.size(x.dim() == 1 ? 0 : axis) != source.size(axis))
    throw ShapeError(
        fmt::format("{}: y is {}, x {}; x must have one value for each element of y along dim {}",
                    op, describe(y), detail::describe(x), axis));
  if (x.dim() > 1) return pairs * diff(x, 1, axis) / 2;
  std::vector<std::int64_t> column(static_cast<std::size_t>(source.dim()), 1);
  column[static_cast<std::size_t>(axis)] = m;
  return pairs * reshape(diff(x), column) / 2;
}

}  // namespace

Tensor trapezoid(Operand y, const Tensor& x, double dx, Dim dim) {
  const OpScope scope("trapezoid", y);
  const int axis = detail::wrap_dim("trapezoid", y, dim);
  return sum(trapezoids("trapezoid", y, x, dx, axis), axis);
}
Tensor cumulative_trapezoid(Operand y, const Tensor& x, double dx, Dim dim) {
  const OpScope scope("cumulative_trapezoid", y);
  const int axis = detail::wrap_dim("cumulative_trapezoid", y, dim);
  return cumsum(trapezoids("cumulative_trapezoid", y, x, dx, axis), axis);
}

namespace {

using detail::Direction;

Tensor running_sum(const Operand& x, int axis, Direction direction) {
  const Tensor source = x.dtype() == bool_ ? x.materialize().to(int64) : x.materialize();
  const auto kernel = [direction](DType dtype, const detail::AxisSplit& lines, const void* from,
                                  void* to) {
    detail::running_sum(dtype, lines, direction, from, to);
  };
  return record({"cumsum", "dx = dy, summed from the end"}, {x}, running(source, axis, kernel),
                save_nothing, [axis, direction](const Tensor& dy, Inputs, InputGradients dx) {
                  const bool forward = direction == Direction::forward;
                  dx.add(0,
                         running_sum(dy, axis, forward ? Direction::backward : Direction::forward));
                });
}

}  // namespace

Tensor cumsum(Operand x, Dim dim) {
  const OpScope scope("cumsum", x);
  return running_sum(x, detail::wrap_dim("cumsum", x, dim), Direction::forward);
}

}  // namespace xgrad
