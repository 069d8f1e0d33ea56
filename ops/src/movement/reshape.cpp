#include <xgrad/ops/reshape.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/record.hpp>

#include "movement/strided_copy.hpp"
#include "sizes.hpp"

namespace xgrad {
namespace detail {

int wrap_dim(const char* op, const Operand& x, int dim) {
  const int rank = std::max(1, x.shape().dim());  // a 0-d tensor lets itself be called 1-d
  if (dim < -rank || dim >= rank)
    throw ShapeError(fmt::format("{}: dim {} is out of range for {}; it must be in [{}, {}]", op,
                                 dim, describe(x), -rank, rank - 1));
  return dim < 0 ? dim + rank : dim;
}

std::vector<int> distinct_dims(const char* op, const Operand& x, const std::vector<int>& dims) {
  std::vector<int> axes;
  for (const int dim : dims) {
    const int axis = wrap_dim(op, x, dim);
    if (std::find(axes.begin(), axes.end(), axis) != axes.end())
      throw ShapeError(fmt::format("{}: dim {} of {} is named twice", op, dim, describe(x)));
    axes.push_back(axis);
  }
  return axes;
}

}  // namespace detail

namespace {

using detail::Value;

bool has_negative(const Shape& shape) {
  return std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 0; });
}

// The shape with its -1 worked out.
Shape infer_shape(const Operand& x, const Shape& wish) {
  Shape shape = wish;
  const std::int64_t n = x.shape().numel();
  std::int64_t* const open = std::find(shape.begin(), shape.end(), -1);
  if (open != shape.end()) {
    *open = 1;
    const std::int64_t others = detail::saturated_numel(shape);
    if (others > 0) *open = n / others;
  }
  if (has_negative(shape) || detail::saturated_numel(shape) != n)
    throw ShapeError(
        fmt::format("reshape: {} has {} elements and cannot have the shape {}; the sizes must "
                    "multiply to the number of elements, and one of them may be -1",
                    describe(x), x.shape().numel(), to_string(wish)));
  detail::check_size("reshape", shape, x.dtype());
  return shape;
}

Value swapped(const Tensor& x, int d0, int d1) {
  detail::StridedRegion view = detail::row_major(x.shape());
  std::swap(view.size[d0], view.size[d1]);
  std::swap(view.stride[d0], view.stride[d1]);
  Value value = Value::empty(Shape(view.size, static_cast<std::size_t>(view.axes)), x.dtype());
  detail::copy_from_region(x.dtype(), view, detail::raw<void>(x), value.data<void>());
  return value;
}

}  // namespace

Tensor reshape(Operand x, const Shape& wish) {
  const OpScope scope("reshape", x);
  const Tensor source = x.materialize();
  Value value{source.node().storage, infer_shape(x, wish), source.dtype()};
  return record(
      {"reshape", "dx = dy, reshaped back"}, {x}, std::move(value), save_nothing,
      [](const Tensor& dy, Inputs in, InputGradients dx) { dx.add(0, reshape(dy, in.shape(0))); });
}

Tensor flatten(Operand x, Dim start_dim, Dim end_dim) {
  const OpScope scope("flatten", x);
  const int start = detail::wrap_dim("flatten", x, start_dim);
  const int end = detail::wrap_dim("flatten", x, end_dim);
  if (start > end)
    throw ShapeError(fmt::format("flatten: start_dim {} comes after end_dim {} in {}; it must not",
                                 start_dim, end_dim, describe(x)));
  const Shape& shape = x.shape();
  if (shape.dim() == 0) return reshape(x, {1});
  std::vector<std::int64_t> sizes(shape.begin(), shape.begin() + start);
  sizes.push_back(Shape(shape.begin() + start, static_cast<std::size_t>(end + 1 - start)).numel());
  sizes.insert(sizes.end(), shape.begin() + end + 1, shape.end());
  return reshape(x, sizes);
}

Tensor unflatten(Operand x, Dim dim, const Shape& sizes) {
  const OpScope scope("unflatten", x);
  const int axis = detail::wrap_dim("unflatten", x, dim);
  if (x.shape().dim() == 0)
    throw ShapeError(fmt::format("unflatten: {} must have at least 1 dim", describe(x)));
  const Shape& s = x.shape();
  Shape own = sizes;
  std::int64_t known = 1;
  for (const std::int64_t size : own)
    known = detail::saturated_product(known, size == -1 ? 1 : size);
  for (std::int64_t& size : own)
    if (size == -1) size = known == 0 ? 0 : s[axis] / known;
  const bool negative = std::any_of(own.begin(), own.end(), [](auto size) { return size < 0; });
  const bool ambiguous = std::count(sizes.begin(), sizes.end(), -1) > 1;
  if (negative || ambiguous || detail::saturated_numel(own) != s[axis])
    throw ShapeError(
        fmt::format("unflatten: dim {} of {} cannot be unflattened into {}; the sizes must "
                    "multiply to {}, and one of them may be -1",
                    axis, describe(x), to_string(sizes), s[axis]));
  std::vector<std::int64_t> all(s.begin(), s.begin() + axis);
  all.insert(all.end(), own.begin(), own.end());
  all.insert(all.end(), s.begin() + axis + 1, s.end());
  return reshape(x, all);
}

Tensor transpose(Operand x, Dim dim0, Dim dim1) {
  const OpScope scope("transpose", x);
  int d0 = detail::wrap_dim("transpose", x, dim0), d1 = detail::wrap_dim("transpose", x, dim1);
  if (d0 == d1) return x.materialize();
  if (d0 > d1) std::swap(d0, d1);
  return record({"transpose", "dx = dy, transposed back"}, {x}, swapped(x.materialize(), d0, d1),
                save_nothing, [d0, d1](const Tensor& dy, Inputs, InputGradients dx) {
                  dx.add(0, transpose(dy, d0, d1));
                });
}

Tensor t(Operand x) {
  const OpScope scope("t", x);
  if (x.shape().dim() > 2)
    throw ShapeError(fmt::format(
        "t: {} must have at most 2 dims; use transpose(x, dim0, dim1) for others", describe(x)));
  return x.shape().dim() < 2 ? x.materialize() : transpose(x, 0, 1);
}

Tensor permute(Operand x, const std::vector<int>& dims) {
  const OpScope scope("permute", x);
  const std::vector<int> order = detail::distinct_dims("permute", x, dims);
  if (static_cast<int>(order.size()) != x.shape().dim())
    throw ShapeError(fmt::format("permute: {} dims for {}; each of its dims must be named once",
                                 order.size(), describe(x)));
  const detail::StridedRegion whole = detail::row_major(x.shape());
  detail::StridedRegion view;
  Shape shape = x.shape();
  for (int i = 0; i < shape.dim(); ++i) {
    const int from = order[static_cast<std::size_t>(i)];
    view.add_axis(whole.size[from], whole.stride[from]);
    shape[i] = whole.size[from];
  }
  return detail::as_strided_copy("permute", x, shape, view);
}

Tensor movedim(Operand x, const Dims& source, const Dims& destination) {
  const OpScope scope("movedim", x);
  const std::vector<int>&from = source.list(), &to = destination.list();
  if (from.size() != to.size())
    throw ShapeError(fmt::format(
        "movedim: source names {} dims of {}, and destination {}; both must name the same number",
        from.size(), describe(x), to.size()));
  const int rank = x.shape().dim();
  std::vector<int> order(static_cast<std::size_t>(rank), -1);
  std::vector<bool> moved(static_cast<std::size_t>(rank), false);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const int axis = detail::wrap_dim("movedim", x, from[i]),
              place = detail::wrap_dim("movedim", x, to[i]);
    if (rank == 0) continue;
    if (moved[static_cast<std::size_t>(axis)] || order[static_cast<std::size_t>(place)] >= 0)
      throw ShapeError(
          fmt::format("movedim: source or destination names a dim of {} twice", describe(x)));
    moved[static_cast<std::size_t>(axis)] = true;
    order[static_cast<std::size_t>(place)] = axis;
  }
  int next = 0;
  for (int& axis : order) {
    if (axis >= 0) continue;
    while (moved[static_cast<std::size_t>(next)]) ++next;
    axis = next++;
  }
  return permute(x, order);
}

Tensor squeeze(Operand x, const Dims& dims) {
  const OpScope scope("squeeze", x);
  const Shape& shape = x.shape();
  std::vector<bool> goes(static_cast<std::size_t>(shape.dim()), dims.empty());
  for (const int dim : detail::distinct_dims("squeeze", x, dims.list()))
    if (shape.dim() > 0) goes[static_cast<std::size_t>(dim)] = true;
  std::vector<std::int64_t> sizes;
  for (int i = 0; i < shape.dim(); ++i)
    if (shape[i] != 1 || !goes[static_cast<std::size_t>(i)]) sizes.push_back(shape[i]);
  return reshape(x, sizes);
}

Tensor unsqueeze(Operand x, Dim dim) {
  const OpScope scope("unsqueeze", x);
  const int rank = x.shape().dim();
  if (dim < -rank - 1 || dim > rank)
    throw ShapeError(fmt::format("unsqueeze: dim {} is out of range for {}; it must be in [{}, {}]",
                                 dim, describe(x), -rank - 1, rank));
  std::vector<std::int64_t> sizes(x.shape().begin(), x.shape().end());
  sizes.insert(sizes.begin() + (dim < 0 ? dim + rank + 1 : int(dim)), 1);
  return reshape(x, sizes);
}

Tensor expand(Operand x, const Shape& wish) {
  const OpScope scope("expand", x);
  Shape shape = wish;
  const int extra = wish.dim() - x.shape().dim();
  for (int i = std::max(0, extra); i < wish.dim(); ++i)
    if (shape[i] == -1) shape[i] = x.shape()[i - extra];
  const std::optional<Shape> both = detail::broadcast_of(x.shape(), shape);
  if (extra < 0 || has_negative(shape) || !both || *both != shape)
    throw ShapeError(
        fmt::format("expand: {} cannot be expanded to {}: sizes, aligned at the last dim, must be "
                    "equal, or 1 in the tensor; -1 keeps a size",
                    describe(x), to_string(wish)));
  const Tensor source = x.materialize();
  if (source.shape() == shape) return source;
  Value value = Value::empty(shape, source.dtype());
  const detail::StridedRegion own = detail::row_major(source.shape());
  detail::StridedRegion repeated;
  for (int i = 0; i < shape.dim(); ++i)
    repeated.add_axis(shape[i], i < extra || own.size[i - extra] == 1 ? 0 : own.stride[i - extra]);
  detail::copy_from_region(value.dtype, repeated, detail::raw<void>(source), value.data<void>());
  return record({"expand", "dx = dy, summed over the expanded dims"}, {x}, std::move(value),
                save_nothing, [](const Tensor& dy, Inputs, InputGradients dx) { dx.add(0, dy); });
}

std::vector<Tensor> broadcast_tensors(const TensorList& tensors, Site site) {
  const OpScope scope("broadcast_tensors", site);
  if (tensors.empty()) return {};
  Shape shape;
  for (const Tensor& t : tensors) {
    const std::optional<Shape> both = detail::broadcast_of(shape, t.shape());
    if (!both)
      throw ShapeError(
          fmt::format("broadcast_tensors: {} does not broadcast with {}, the broadcast shape of "
                      "the tensors before it",
                      detail::describe(t), to_string(shape)));
    shape = *both;
  }
  std::vector<Tensor> all;
  for (const Tensor& t : tensors) all.push_back(expand(t, shape));
  return all;
}

}  // namespace xgrad
