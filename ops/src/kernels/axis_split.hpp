// axis_split.hpp: where the lines along one axis lie.
#pragma once

#include <cstdint>

namespace xgrad::detail {

/// A shape around one axis: (outer, size, inner). A line along the axis has `size` elements,
/// `inner` apart.
struct AxisSplit {
  std::int64_t outer = 1, size = 1, inner = 1;

  std::int64_t numel() const {  // the other sizes of nothing may be anything
    return outer == 0 || size == 0 || inner == 0 ? 0 : outer * size * inner;
  }
  std::int64_t lines() const { return outer * inner; }
  /// The first element of line k.
  std::int64_t start_of(std::int64_t k) const { return k / inner * size * inner + k % inner; }
};

}  // namespace xgrad::detail
