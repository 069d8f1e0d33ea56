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
        fmt::format("{}: there is no position {} along dim {} of {}; it must be in "
                    "[{}, {}]",
                    op, i, axis, describe(x), -n, n - 1));
  return i < 0 ? i + n : i;
}

SliceRange range_of(const Slice& slice, std::int64_t n) {
  if (slice.step < 1)
    throw ShapeError(
        fmt::format("index: the step {} of a Slice must be at least 1; use flip to "
                    "reverse",
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
  if (taken > axes || ellipses > 1 || axes + added > max_dim)
    throw ShapeError(
        fmt::format("{}: entries that take {} axes, and {} Ellipsis, for {}; there "
                    "may be as many as it has axes, and one Ellipsis",
                    op, taken, ellipses, describe(x)));
  return taken;
}

}  // namespace xgrad::detail
