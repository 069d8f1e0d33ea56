// index_entries.hpp: what the entries between the brackets mean.
#pragma once

#include <xgrad/ops/indexing.hpp>

namespace xgrad::detail {

/// The start, number and distance of the positions of a Slice along an axis of n.
struct SliceRange {
  std::int64_t start, count, step;
};
SliceRange range_of(const Slice& slice, std::int64_t n);
/// A position counted from the front. @throws ShapeError if there is none.
std::int64_t wrap_position(const char* op, const Operand& x, int axis, std::int64_t i);
/// How many axes the entries take. @throws ShapeError for too many, or two Ellipses.
int axes_taken(const char* op, const Operand& x, const std::vector<Index>& indices);

}  // namespace xgrad::detail
