// sort.hpp: the order of the elements of each line.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

#include "kernels/axis_split.hpp"

namespace xgrad::detail {

// Any dtype. Elements rise, NaN last; equal ones keep their order. `at` has the positions along the
// line, as (outer, k, inner).

/// All of them: k is the size of a line.
void sort_lines(DType dtype, const AxisSplit& lines, bool descending, const void* x,
                std::int64_t* at);
/// The first k of the order, or of the opposite one.
void top_of_lines(DType dtype, const AxisSplit& lines, std::int64_t k, bool largest, const void* x,
                  std::int64_t* at);

/// A place in the order of a line: the k-th, or the lower median, of all (NaN if there is one) or
/// of those that are not NaN.
struct Rank {
  enum Kind { kth, median, median_of_numbers } kind;
  std::int64_t k = 0;  // from 0 on
};
/// The one element at a rank; lines are not empty.
void select_in_lines(DType dtype, const AxisSplit& lines, Rank rank, const void* x,
                     std::int64_t* at);
/// The last of those that a line has most often, the least of equally many; lines are not empty.
void modes_of_lines(DType dtype, const AxisSplit& lines, const void* x, std::int64_t* at);

}  // namespace xgrad::detail
