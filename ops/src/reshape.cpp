#include <xgrad/ops/reshape.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/record.hpp>

namespace xgrad {
namespace detail {

int wrap_dim(const char* op, const Operand& x, int dim) {
  const int rank = std::max(1, x.shape().dim());  // a 0-d tensor lets itself be called 1-d
  if (dim < -rank || dim >= rank)
    throw ShapeError(fmt::format("{}: there is no dim {} in {}; it must be in [{}, {}]", op, dim,
                                 describe(x), -rank, rank - 1),
                     x.site());
  return dim < 0 ? dim + rank : dim;
}

}  // namespace detail

namespace {

using detail::Value;

// The shape with its -1 worked out.
Shape whole_shape(const Operand& x, const Shape& wish) {
  Shape shape = wish;
  std::int64_t* const open = std::find(shape.begin(), shape.end(), -1);
  if (open != shape.end()) {
    *open = 1;
    const std::int64_t others = shape.numel();
    if (others > 0) *open = x.shape().numel() / others;
  }
  if (shape.numel() != x.shape().numel() ||
      std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 0; }))
    throw ShapeError(fmt::format("reshape: {} has {} elements and cannot be {}; the sizes must "
                                 "multiply to that, and one of them may be -1",
                                 describe(x), x.shape().numel(), to_string(wish)),
                     x.site());
  return shape;
}

// A (rows, a, columns, b, depth) value with a and b swapped. Tiles keep both sides in the cache.
template <class T>
void swap_axes(const T* from, T* to, std::int64_t rows, std::int64_t a, std::int64_t columns,
               std::int64_t b, std::int64_t depth) {
  constexpr std::int64_t tile = 32;
  for (std::int64_t r = 0; r < rows;
       ++r, from += a * columns * b * depth, to += a * columns * b * depth)
    for (std::int64_t c = 0; c < columns; ++c)
      for (std::int64_t i0 = 0; i0 < a; i0 += tile)
        for (std::int64_t j0 = 0; j0 < b; j0 += tile)
          for (std::int64_t j = j0; j < std::min(b, j0 + tile); ++j)
            for (std::int64_t i = i0; i < std::min(a, i0 + tile); ++i)
              std::copy_n(from + ((i * columns + c) * b + j) * depth, depth,
                          to + ((j * columns + c) * a + i) * depth);
}

std::int64_t numel_between(const Shape& shape, int begin, int end) {
  return Shape(shape.begin() + begin, static_cast<std::size_t>(end - begin)).numel();
}

Value swapped(const Tensor& x, int d0, int d1) {
  Shape shape = x.shape();
  std::swap(shape[d0], shape[d1]);
  const Shape& s = x.shape();
  Value value = Value::empty(shape, x.dtype());
  dispatch(x.dtype(), [&]<class T>() {
    swap_axes(detail::raw<T>(x), value.data<T>(), numel_between(s, 0, d0), s[d0],
              numel_between(s, d0 + 1, d1), s[d1], numel_between(s, d1 + 1, s.dim()));
  });
  return value;
}

}  // namespace

Tensor reshape(Operand x, const Shape& wish) {
  const Tensor source = x.materialize();
  Value value{source.node().storage, whole_shape(x, wish), source.dtype()};
  return record("reshape", {x}, std::move(value), reads_nothing,
                [](const Tensor& dy, Inputs in, Sinks dx) { dx.add(0, reshape(dy, in.shape(0))); });
}

Tensor flatten(Operand x, int start_dim, int end_dim) {
  const int start = detail::wrap_dim("flatten", x, start_dim);
  const int end = detail::wrap_dim("flatten", x, end_dim);
  if (start > end)
    throw ShapeError(fmt::format("flatten: start_dim {} lies behind end_dim {} in {}", start_dim,
                                 end_dim, describe(x)),
                     x.site());
  const Shape& shape = x.shape();
  if (shape.dim() == 0) return reshape(x, {1});
  std::vector<std::int64_t> sizes(shape.begin(), shape.begin() + start);
  sizes.push_back(numel_between(shape, start, end + 1));
  sizes.insert(sizes.end(), shape.begin() + end + 1, shape.end());
  return reshape(x, sizes);
}

Tensor transpose(Operand x, int dim0, int dim1) {
  int d0 = detail::wrap_dim("transpose", x, dim0), d1 = detail::wrap_dim("transpose", x, dim1);
  if (d0 == d1) return x.materialize();
  if (d0 > d1) std::swap(d0, d1);
  return record("transpose", {x}, swapped(x.materialize(), d0, d1), reads_nothing,
                [d0, d1](const Tensor& dy, Inputs, Sinks dx) { dx.add(0, transpose(dy, d0, d1)); });
}

Tensor t(Operand x) {
  if (x.shape().dim() > 2)
    throw ShapeError(
        fmt::format("t: {} has more than two dims; use transpose(x, dim0, dim1)", describe(x)),
        x.site());
  return x.shape().dim() < 2 ? x.materialize() : transpose(x, 0, 1);
}

Tensor expand(Operand x, const Shape& wish) {
  Shape shape = wish;
  const int extra = wish.dim() - x.shape().dim();
  for (int i = std::max(0, extra); i < wish.dim(); ++i)
    if (shape[i] == -1) shape[i] = x.shape()[i - extra];
  const std::optional<Shape> both = detail::broadcast_of(x.shape(), shape);
  if (extra < 0 || !both || *both != shape)
    throw ShapeError(
        fmt::format("expand: {} does not expand to {}: sizes, aligned at the last dim, "
                    "must be equal, or 1 in the tensor",
                    describe(x), to_string(wish)),
        x.site());
  const Tensor source = x.materialize();
  if (source.shape() == shape) return source;
  Value value = Value::empty(shape, source.dtype());
  detail::expand_into(detail::value_of(source), value);
  return record("expand", {x}, std::move(value), reads_nothing,
                [](const Tensor& dy, Inputs, Sinks dx) { dx.add(0, dy); });
}

}  // namespace xgrad
