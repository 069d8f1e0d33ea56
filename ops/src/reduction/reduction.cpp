#include <xgrad/ops/reduction.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/reshape.hpp>

#include "reduction/reduced_axes.hpp"

namespace xgrad {
namespace {

using detail::Axes;
using detail::axes_of;
using detail::bits_of;
using detail::dropped_shape;
using detail::kept_shape;
using detail::reduced_numel;
using detail::Value;
using detail::with_kept_axes;

Value summed(const Tensor& x, const Axes& axes, bool keepdim) {
  Value value = detail::sum_axes(detail::value_of(x), axes);
  if (!keepdim) value.shape = dropped_shape(x.shape(), axes);
  return value;
}

// y (outer, inner): f over the middle axis of x (outer, n, inner).
template <class T, class F>
void fold_middle(const T* x, std::int64_t outer, std::int64_t n, std::int64_t inner, T* y, F f) {
  const std::int64_t grain = std::max<std::int64_t>(1, detail::parallel_grain / (n * inner));
  detail::parallel_ranges(outer, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o) {
      const T* row = x + o * n * inner;
      T* const to = y + o * inner;
      std::copy_n(row, inner, to);
      for (std::int64_t i = 1; i < n; ++i) {
        row += inner;
        for (std::int64_t j = 0; j < inner; ++j) to[j] = f(to[j], row[j]);
      }
    }
  });
}

template <class Better>
struct Extreme {  // the better of two; NaN is better than any
  template <class T>
  T operator()(T a, T b) const {
    return Better()(b, a) || b != b ? (a != a ? a : b) : a;
  }
};

template <class F>
Value folded(const Tensor& x, const Axes& axes, bool keepdim, F f) {
  std::vector<detail::AxisRun> runs = detail::axis_runs(x.shape(), axes);
  Value from{x.node().storage, x.shape(), x.dtype()};
  for (std::size_t k = runs.size(); k-- > 0;) {
    if (!runs[k].reduced) continue;
    std::int64_t outer = 1, inner = 1;
    for (std::size_t i = 0; i < k; ++i) outer *= runs[i].size;
    for (std::size_t i = k + 1; i < runs.size(); ++i) inner *= runs[i].size;
    Value to = Value::empty({outer * inner}, x.dtype());
    dispatch(x.dtype(), [&]<class T>() {
      if (outer * inner > 0)
        fold_middle(from.data<T>(), outer, runs[k].size, inner, to.data<T>(), f);
    });
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
        fmt::format("{}: nothing to choose from in {}; the reduced dims must not be "
                    "empty",
                    op, describe(x)));
}

template <class Better>
Tensor extreme(const char* op, const Operand& x, const Dims& dims, bool keepdim) {
  const Axes axes = axes_of(op, x, dims);
  check_not_empty(op, x, reduced_numel(x.shape(), axes));
  return detail::record_chosen(op, x, folded(x.materialize(), axes, keepdim, Extreme<Better>()),
                               bits_of(axes));
}

template <class Better>
Tensor position(const char* op, const Operand& x, int dim, bool keepdim) {
  const int axis = detail::wrap_dim(op, x, dim);
  const Tensor source = x.materialize();
  Axes axes(static_cast<std::size_t>(source.dim()), false);
  if (source.dim() > 0) axes[static_cast<std::size_t>(axis)] = true;
  const std::int64_t n = reduced_numel(source.shape(), axes);
  check_not_empty(op, x, n);
  const Shape& s = source.shape();
  std::int64_t inner = 1;
  for (int i = axis + 1; i < s.dim(); ++i) inner *= s[i];
  Value value = Value::empty(keepdim ? kept_shape(s, axes) : dropped_shape(s, axes), int64);
  dispatch(source.dtype(), [&]<class T>() {
    for (std::int64_t k = 0; k < value.shape.numel(); ++k) {
      const T* const column = detail::raw<T>(source) + k / inner * n * inner + k % inner;
      std::int64_t best = 0;
      for (std::int64_t i = 1; i < n; ++i) {
        const T a = column[best * inner], b = column[i * inner];
        if (a == a && (Better()(b, a) || b != b)) best = i;
      }
      value.data<std::int64_t>()[k] = best;
    }
  });
  return detail::constant(std::move(value));
}

Tensor flat(const Operand& x) { return reshape(x.materialize().detach(), {-1}); }

// 1 where an element is the one that was chosen from its part, which NaN is for NaN.
Tensor equal_to_chosen(const Tensor& x, const Tensor& y) {
  const Tensor same = eq(x, y), missing = ne(y, y);
  return (any(missing).item<bool>() ? logical_or(same, logical_and(ne(x, x), missing)) : same)
      .to(x.dtype());
}

}  // namespace

Tensor detail::record_chosen(const char* op, const Operand& x, Value value, std::uint64_t bits) {
  return record({op, "dx = dy, shared between the elements equal to y"}, {x}, std::move(value),
                save_inputs | save_output, [bits](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Shape& shape = in.shape(0);
                  const Tensor y = with_kept_axes(in.output().detach(), shape, bits);
                  const Tensor chosen = equal_to_chosen(in[0].detach(), y);
                  const Tensor count =
                      bits == 0 ? chosen : sum(chosen, dims_of(bits, shape.dim()), true);
                  dx.add(0, chosen * (with_kept_axes(dy, shape, bits) / count));
                });
}

Tensor sum(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("sum", x);
  const Axes axes = axes_of("sum", x, dims);
  const std::uint64_t bits = bits_of(axes);
  const Tensor source = x.dtype() == bool_ ? x.materialize().to(int64) : x.materialize();
  return record({"sum", "dx = dy, repeated"}, {x}, summed(source, axes, keepdim), save_nothing,
                [bits](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Shape& shape = in.shape(0);
                  dx.add(0, expand(with_kept_axes(dy, shape, bits), shape));
                });
}

Tensor mean(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("mean", x);
  const Axes axes = axes_of("mean", x, dims);
  if (!is_floating(x.dtype()))
    throw DTypeError(
        fmt::format("mean: {} has no mean of its own type; convert it with "
                    ".to(float32)",
                    describe(x)));
  const std::uint64_t bits = bits_of(axes);
  const double count = static_cast<double>(reduced_numel(x.shape(), axes));
  Value value = summed(x.materialize(), axes, keepdim);
  dispatch_floating(value.dtype, [&]<class T>() {
    T* const y = value.data<T>();
    for (std::int64_t i = 0; i < value.shape.numel(); ++i) y[i] /= static_cast<T>(count);
  });
  return record({"mean", "dx = dy / n, repeated"}, {x}, std::move(value), save_nothing,
                [bits, count](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Shape& shape = in.shape(0);
                  dx.add(0, expand(with_kept_axes(dy, shape, bits) / count, shape));
                });
}

Tensor amax(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("amax", x);
  return extreme<std::greater<>>("amax", x, dims, keepdim);
}
Tensor amin(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("amin", x);
  return extreme<std::less<>>("amin", x, dims, keepdim);
}
Tensor argmax(Operand x) {
  const OpScope scope("argmax", x);
  return position<std::greater<>>("argmax", flat(x), 0, false);
}
Tensor argmax(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("argmax", x);
  return position<std::greater<>>("argmax", x, dim, keepdim);
}
Tensor argmin(Operand x) {
  const OpScope scope("argmin", x);
  return position<std::less<>>("argmin", flat(x), 0, false);
}
Tensor argmin(Operand x, Dim dim, Flag keepdim) {
  const OpScope scope("argmin", x);
  return position<std::less<>>("argmin", x, dim, keepdim);
}

}  // namespace xgrad
