// axis.hpp: a shape around the axis that an op works along.
#pragma once

#include <xgrad/graph/shape.hpp>

#include "kernels/axis_split.hpp"

namespace xgrad::detail {

/// `size` elements along an axis, `outer` positions before it and `inner` behind; all elements are
/// along the axis if there is none (-1).
inline AxisSplit split_at(const Shape& shape, int axis) {
  AxisSplit m;
  for (int i = 0; i < shape.dim(); ++i) {
    if (axis < 0 || i == axis)
      m.size *= shape[i];
    else
      (i < axis ? m.outer : m.inner) *= shape[i];
  }
  return m;
}

}  // namespace xgrad::detail
