#include "reduction/reduced_axes.hpp"

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::detail {

Axes axes_of(const char* op, const Operand& x, const Dims& dims) {
  Axes axes(static_cast<std::size_t>(x.shape().dim()), dims.empty());
  for (const int dim : dims.list()) {
    const int axis = wrap_dim(op, x, dim);
    if (x.shape().dim() == 0) continue;
    if (axes[static_cast<std::size_t>(axis)])
      throw ShapeError(fmt::format("{}: dim {} of {} is named twice", op, dim, describe(x)));
    axes[static_cast<std::size_t>(axis)] = true;
  }
  return axes;
}

Shape kept_shape(const Shape& shape, const Axes& axes) {
  Shape kept = shape;
  for (int i = 0; i < kept.dim(); ++i)
    if (axes[static_cast<std::size_t>(i)]) kept[i] = 1;
  return kept;
}
Shape dropped_shape(const Shape& shape, const Axes& axes) {
  std::vector<std::int64_t> sizes;
  for (int i = 0; i < shape.dim(); ++i)
    if (!axes[static_cast<std::size_t>(i)]) sizes.push_back(shape[i]);
  return sizes;
}
std::int64_t reduced_numel(const Shape& shape, const Axes& axes) {
  std::int64_t count = 1;
  for (int i = 0; i < shape.dim(); ++i)
    if (axes[static_cast<std::size_t>(i)]) count *= shape[i];
  return count;
}

std::uint64_t bits_of(const Axes& axes) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < axes.size() && i < 64; ++i) bits |= std::uint64_t{axes[i]} << i;
  return bits;
}
Axes axes_of(std::uint64_t bits, int rank) {
  Axes axes(static_cast<std::size_t>(rank));
  for (std::size_t i = 0; i < axes.size(); ++i) axes[i] = (bits >> i & 1) != 0;
  return axes;
}
Tensor with_kept_axes(const Tensor& dy, const Shape& shape, std::uint64_t bits) {
  return reshape(dy, kept_shape(shape, axes_of(bits, shape.dim())));
}

Dims dims_of(std::uint64_t bits, int rank) {
  std::vector<int> dims;
  for (int i = 0; i < rank; ++i)
    if ((bits >> i & 1) != 0) dims.push_back(i);
  return dims;
}

}  // namespace xgrad::detail
