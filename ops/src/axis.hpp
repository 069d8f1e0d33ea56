// axis.hpp: a shape as the axis that an op works along, and what lies around it.
#pragma once

#include <cstdint>

#include <xgrad/graph/shape.hpp>

namespace xgrad::detail {

/// A shape around one axis: [outer, size, inner].
struct AxisSplit {
  std::int64_t outer = 1, size = 1, inner = 1;
};
/// `size` elements along an axis, `outer` positions before it and `inner` behind; all elements are
/// along the axis if there is none (-1).
inline AxisSplit split_at(const Shape& shape, int axis) {
  AxisSplit m;
  for (int i = 0; i < shape.dim(); ++i)
    (i < axis ? m.outer : i == axis || axis < 0 ? m.size : m.inner) *= shape[i];
  return m;
}

}  // namespace xgrad::detail
