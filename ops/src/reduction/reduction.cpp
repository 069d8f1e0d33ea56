#include <xgrad/ops/reduction.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/reshape.hpp>

#include "axis.hpp"
#include "kernels/extreme.hpp"
#include "kernels/reduce.hpp"
#include "reduction/record_chosen.hpp"
#include "reduction/reduced_axes.hpp"

namespace xgrad {
namespace {

using detail::Axes;
using detail::axes_of;
using detail::AxisSplit;
using detail::bits_of;
using detail::dropped_shape;
using detail::Extreme;
using detail::kept_shape;
using detail::raw;
using detail::reduced_numel;
using detail::split_at;
using detail::Value;
using detail::with_kept_axes;

Value summed(const Tensor& x, const Axes& axes, bool keepdim) {
  Value value = detail::sum_axes(detail::value_of(x), axes);
  if (!keepdim) value.shape = dropped_shape(x.shape(), axes);
  return value;
}

// One run of reduced axes after the other, the last first.
Value extremes(const Tensor& x, const Axes& axes, bool keepdim, Extreme which) {
  std::vector<detail::AxisRun> runs = detail::axis_runs(x.shape(), axes);
  Value from{x.node().storage, x.shape(), x.dtype()};
  for (std::size_t k = runs.size(); k-- > 0;) {
    if (!runs[k].reduced) continue;
    AxisSplit lines{1, runs[k].size, 1};
    for (std::size_t i = 0; i < k; ++i) lines.outer *= runs[i].size;
    for (std::size_t i = k + 1; i < runs.size(); ++i) lines.inner *= runs[i].size;
    Value to = Value::empty({lines.lines()}, x.dtype());
    detail::reduce_to_extreme(x.dtype(), lines, which, from.data<void>(), to.data<void>());
    runs[k].size = 1;
    from = std::move(to);
  }
  const Shape shape = keepdim ? kept_shape(x.shape(), axes) : dropped_shape(x.shape(), axes);
  if (from.storage.get() != x.node().storage.get())
    return {std::move(from.storage), shape, x.dtype()};
  Value copy = Value::empty(shape, x.dtype());
  detail::expand_into({from.storage, shape, x.dtype()}, copy);
  return copy;
}

void check_not_empty(const char* op, const Operand& x, std::int64_t count) {
  if (count == 0 && x.shape().numel() == 0)
    throw ShapeError(
        fmt::format("{}: {} has no elements to reduce; the reduced dims must have a nonzero size",
                    op, describe(x)));
}

Tensor extreme(const char* op, const Operand& x, const Dims& dims, bool keepdim, Extreme which) {
  const Axes axes = axes_of(op, x, dims);
  check_not_empty(op, x, reduced_numel(x.shape(), axes));
  return detail::record_chosen(op, x, extremes(x.materialize(), axes, keepdim, which),
                               bits_of(axes));
}

Tensor position(const char* op, const Operand& x, int dim, bool keepdim, Extreme which) {
  const int axis = detail::wrap_dim(op, x, dim);
  const Tensor source = x.materialize();
  const Shape& s = source.shape();
  Axes axes(static_cast<std::size_t>(s.dim()), false);
  if (s.dim() > 0) axes[static_cast<std::size_t>(axis)] = true;
  check_not_empty(op, x, reduced_numel(s, axes));
  Value at = Value::empty(keepdim ? kept_shape(s, axes) : dropped_shape(s, axes), int64);
  detail::positions_of_extremes(source.dtype(), split_at(s, axis), which, raw<void>(source),
                                at.data<std::int64_t>());
  return detail::constant(std::move(at));
}

Tensor flat(const Operand& x) { return reshape(x.materialize().detach(), {-1}); }

}  // namespace

Tensor sum(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("sum", x);
  const Axes axes = axes_of("sum", x, dims);
  const std::uint64_t bits = bits_of(axes);
  const Tensor source = x.dtype() == bool_ ? x.materialize().to(int64) : x.materialize();
  return record({"sum", "dx = dy, expanded over the reduced dims"}, {x},
                summed(source, axes, keepdim), save_nothing,
                [bits](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Shape& shape = in.shape(0);
                  dx.add(0, expand(with_kept_axes(dy, shape, bits), shape));
                });
}

Tensor mean(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("mean", x);
  const Axes axes = axes_of("mean", x, dims);
  if (!is_floating(x.dtype()))
    throw DTypeError(fmt::format(
        "mean: {} must be float32 or float64; convert it with .to(float32)", describe(x)));
  const std::uint64_t bits = bits_of(axes);
  const double count = static_cast<double>(reduced_numel(x.shape(), axes));
  Value value = summed(x.materialize(), axes, keepdim);
  detail::divide_by(value.dtype, count, value.shape.numel(), value.data<void>());
  return record({"mean", "dx = dy / n, expanded over the reduced dims"}, {x}, std::move(value),
                save_nothing, [bits, count](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Shape& shape = in.shape(0);
                  dx.add(0, expand(with_kept_axes(dy, shape, bits) / count, shape));
                });
}

Tensor amax(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("amax", x);
  return extreme("amax", x, dims, keepdim, Extreme::largest);
}
Tensor amin(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("amin", x);
  return extreme("amin", x, dims, keepdim, Extreme::least);
}
Tensor argmax(Operand x) {
  const OpScope scope("argmax", x);
  return position("argmax", flat(x), 0, false, Extreme::largest);
}
Tensor argmax(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("argmax", x);
  return position("argmax", x, dim, keepdim, Extreme::largest);
}
Tensor argmin(Operand x) {
  const OpScope scope("argmin", x);
  return position("argmin", flat(x), 0, false, Extreme::least);
}
Tensor argmin(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("argmin", x);
  return position("argmin", x, dim, keepdim, Extreme::least);
}

}  // namespace xgrad
