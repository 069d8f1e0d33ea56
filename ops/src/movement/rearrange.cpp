#include <xgrad/ops/rearrange.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/joined.hpp"
#include "movement/gather_rows.hpp"
#include "movement/strided_copy.hpp"
#include "sizes.hpp"

namespace xgrad {
namespace {

void check_axes(const char* op, const Operand& x, int least) {
  if (x.shape().dim() < least)
    throw ShapeError(fmt::format("{}: {} must have at least {} dims", op, describe(x), least));
}

}  // namespace

Tensor flip(Operand x, const std::vector<int>& dims) {
  const OpScope scope("flip", x);
  detail::StridedRegion view = detail::row_major(x.shape());
  for (const int dim : detail::distinct_dims("flip", x, dims)) {
    if (dim >= view.axes || view.size[dim] == 0) continue;
    view.offset += (view.size[dim] - 1) * view.stride[dim];
    view.stride[dim] = -view.stride[dim];
  }
  return detail::as_strided_copy("flip", x, x.shape(), view);
}

Tensor fliplr(Operand x) {
  const OpScope scope("fliplr", x);
  check_axes("fliplr", x, 2);
  return flip(x, {1});
}
Tensor flipud(Operand x) {
  const OpScope scope("flipud", x);
  check_axes("flipud", x, 1);
  return flip(x, {0});
}

Tensor rot90(Operand x, int k, const std::vector<int>& dims) {
  const OpScope scope("rot90", x);
  if (dims.size() != 2)
    throw ShapeError(fmt::format("rot90: dims has {} entries; it must name 2 dims of {}",
                                 dims.size(), describe(x)));
  check_axes("rot90", x, 2);
  const int a = detail::wrap_dim("rot90", x, dims[0]), b = detail::wrap_dim("rot90", x, dims[1]);
  if (a == b) throw ShapeError(fmt::format("rot90: dim {} of {} is named twice", a, describe(x)));
  switch (((k % 4) + 4) % 4) {
    case 1:
      return transpose(flip(x, {b}), a, b);
    case 2:
      return flip(x, {a, b});
    case 3:
      return transpose(flip(x, {a}), a, b);
    default:
      return x.materialize();
  }
}

Tensor repeat(Operand x, const std::vector<std::int64_t>& repeats) {
  const OpScope scope("repeat", x);
  const int rank = x.shape().dim(), count = static_cast<int>(repeats.size());
  const bool negative = std::any_of(repeats.begin(), repeats.end(), [](auto n) { return n < 0; });
  if (count < rank || negative)
    throw ShapeError(
        fmt::format("repeat: repeats has {} values for {}; it must have at least one for each dim, "
                    "none of them negative",
                    count, describe(x)));
  // (1, n) for each axis, expanded to (times, n), made one. One axis does where either is 1.
  std::vector<std::int64_t> apart, wide, joined;
  for (int i = 0; i < count; ++i) {
    const std::int64_t n = i < count - rank ? 1 : x.shape()[i - (count - rank)];
    const std::int64_t times = repeats[static_cast<std::size_t>(i)];
    if (times != 1) apart.push_back(1), wide.push_back(times);
    if (n != 1) apart.push_back(n), wide.push_back(n);
    joined.push_back(detail::saturated_product(times, n));
  }
  return reshape(expand(reshape(x, apart), wide), joined);
}

Tensor tile(Operand x, const std::vector<std::int64_t>& dims) {
  const OpScope scope("tile", x);
  std::vector<std::int64_t> repeats = dims;
  while (static_cast<int>(repeats.size()) < x.shape().dim()) repeats.insert(repeats.begin(), 1);
  return repeat(x, repeats);
}

Tensor unfold(Operand x, Dim dim, std::int64_t size, std::int64_t step) {
  const OpScope scope("unfold", x);
  const int axis = detail::wrap_dim("unfold", x, dim);
  const Shape s = x.shape().dim() == 0 ? Shape{1} : x.shape();
  if (size < 0 || size > s[axis] || step < 1)
    throw ShapeError(
        fmt::format("unfold: size is {} and step {} for dim {} of {}; size must be in [0, {}], and "
                    "step at least 1",
                    size, step, axis, describe(x), s[axis]));
  // Windows as positions along an axis of their own; then that axis moves to the end.
  const std::int64_t windows = (s[axis] - size) / step + 1;
  Shape wide = s;
  wide[axis] = detail::saturated_product(windows, size);
  const Tensor at = detail::positions_by_axis(
      s, wide, [=](int i, std::int64_t k) { return i == axis ? k / size * step + k % size : k; });
  const Tensor places =
      movedim(unflatten(at, axis, {windows, size}), axis + 1, x.shape().dim() == 0 ? 1 : -1);
  const Shape shape = x.shape().dim() == 0 ? Shape{size} : places.shape();
  return detail::gather_rows({"unfold", "dx = dy, summed where windows overlap"}, x, places, shape);
}

namespace {

// x along an axis, the last `by` positions first.
Tensor rolled(const Tensor& x, int axis, std::int64_t by) {
  const Shape& shape = x.shape();
  detail::Value value = detail::Value::empty(shape, x.dtype());
  if (shape.numel() > 0) {
    std::int64_t inner = static_cast<std::int64_t>(size_of(x.dtype())), rows = 1;
    for (int i = 0; i < axis; ++i) rows *= shape[i];
    for (int i = axis + 1; i < shape.dim(); ++i) inner *= shape[i];
    const std::int64_t row = shape[axis] * inner, rest = row - by * inner;
    const char* const from = detail::raw<char>(x);
    const detail::RowPart parts[] = {{from + rest, row, row - rest}, {from, row, rest}};
    detail::join_parts(parts, rows, value.data<void>());
  }
  return record({"roll", "dx = dy rolled back"}, {x}, std::move(value), save_nothing,
                [axis, back = shape[axis] - by](const Tensor& dy, Inputs, InputGradients dx) {
                  dx.add(0, rolled(dy, axis, back));
                });
}

}  // namespace

Tensor roll(Operand x, const std::vector<std::int64_t>& shifts, const std::vector<int>& dims) {
  const OpScope scope("roll", x);
  if (dims.empty() && shifts.size() == 1) return reshape(roll(flatten(x), shifts, {0}), x.shape());
  if (dims.size() != shifts.size() || dims.empty())
    throw ShapeError(
        fmt::format("roll: {} shifts for {} dims of {}; there must be one shift for each dim",
                    shifts.size(), dims.size(), describe(x)));
  Tensor y = x.materialize();
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const int axis = detail::wrap_dim("roll", x, dims[i]);
    const std::int64_t n = y.dim() == 0 ? 1 : y.size(axis);
    const std::int64_t rest = n == 0 ? 0 : shifts[i] % n, by = rest < 0 ? rest + n : rest;
    if (by != 0) y = rolled(y, axis, by);
  }
  return y;
}

}  // namespace xgrad
