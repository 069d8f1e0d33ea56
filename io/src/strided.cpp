#include "strided.hpp"

#include <utility>

#include <xgrad/graph/storage.hpp>

namespace xgrad::io::detail {
namespace {

template <class T>
T* copy_axis(const T* from, const Shape& shape, const std::vector<std::int64_t>& strides, int axis,
             T* to) {
  if (axis == shape.dim()) {
    *to = *from;
    return to + 1;
  }
  const std::int64_t stride = strides[static_cast<std::size_t>(axis)];
  if (axis + 1 == shape.dim()) {
    for (std::int64_t i = 0; i < shape[axis]; ++i) *to++ = from[i * stride];
    return to;
  }
  for (std::int64_t i = 0; i < shape[axis]; ++i)
    to = copy_axis(from + i * stride, shape, strides, axis + 1, to);
  return to;
}

}  // namespace

Tensor strided_copy(const Tensor& from, std::int64_t offset, const Shape& shape,
                    const std::vector<std::int64_t>& strides) {
  using xgrad::detail::Value;
  Value value = Value::empty(shape, from.dtype());
  if (shape.numel() > 0)
    dispatch(from.dtype(), [&]<class T>() {
      copy_axis(xgrad::detail::raw<const T>(from) + offset, shape, strides, 0, value.data<T>());
    });
  return xgrad::detail::constant(std::move(value));
}

}  // namespace xgrad::io::detail
