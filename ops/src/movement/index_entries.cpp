#include "movement/index_entries.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/range.hpp>

namespace xgrad::detail {

std::int64_t wrap_position(const char* op, const Operand& x, int axis, std::int64_t i) {
  const std::int64_t n = x.shape()[axis];
  if (i < -n || i >= n)
    throw ShapeError(
        fmt::format("{}: index {} is out of range for dim {} of {}; it must be in [{}, {}]", op, i,
                    axis, describe(x), -n, n - 1));
  return i < 0 ? i + n : i;
}

SliceRange range_of(const Slice& slice, std::int64_t n) {
  if (slice.step < 1)
    throw ShapeError(fmt::format(
        "index: the Slice has step {}; it must be at least 1; use flip to reverse a dim",
        slice.step));
  const auto bound = [n](std::int64_t i) {
    return std::clamp<std::int64_t>(i < 0 ? i + n : i, 0, n);
  };
  const std::int64_t start = bound(slice.start.value_or(0)), stop = bound(slice.stop.value_or(n));
  const std::int64_t count = range_count(start, stop, slice.step);
  return {start, count, count > 1 ? slice.step : 1};
}

int axes_taken(const char* op, const Operand& x, const std::vector<Index>& indices) {
  int taken = 0, ellipses = 0, added = 0;
  for (const Index& i : indices) {
    const bool is_mask = i.kind() == Index::Kind::tensor && i.tensor().dtype() == bool_;
    taken += is_mask ? i.tensor().dim()
                     : i.kind() != Index::Kind::none && i.kind() != Index::Kind::ellipsis;
    ellipses += i.kind() == Index::Kind::ellipsis;
    added += i.kind() == Index::Kind::none;
  }
  const int axes = x.shape().dim();
  if (taken > axes)
    throw ShapeError(fmt::format("{}: too many indices: {} dims are indexed, but {} has {}", op,
                                 taken, describe(x), axes));
  if (ellipses > 1)
    throw ShapeError(
        fmt::format("{}: the indices contain {} Ellipsis; at most one is allowed", op, ellipses));
  if (axes + added > max_dim)
    throw ShapeError(fmt::format("{}: None adds {} dims to {}; a tensor has at most {} dims", op,
                                 added, describe(x), max_dim));
  return taken;
}

}  // namespace xgrad::detail
