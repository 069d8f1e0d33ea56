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

/// Positions along lines (outer, k, inner) as positions among all elements.
void elements_of_lines(const AxisSplit& lines, std::int64_t k, const std::int64_t* at,
                       std::int64_t* elements);

/// For each value the first place in a sorted row before which it could stand, or the last
/// (`right`). Rows of n, for `each` values after one another; one row, if `each` is all.
void search_sorted(DType dtype, std::int64_t n, std::int64_t each, bool right, const void* rows,
                   std::int64_t count, const void* values, std::int64_t* at);

/// The different elements of x in order: where each is first, how many there are of it, and which
/// of them each element of x is. NaN differs from NaN. All have room for n; returns how many there
/// are.
std::int64_t unique_elements(DType dtype, std::int64_t n, const void* x, std::int64_t* first,
                             std::int64_t* counts, std::int64_t* inverse);

/// counts[i] += 1 for each of n elements in the i-th of `bins` even parts of [low, high].
void count_in_bins(double low, double high, std::int64_t n, const double* x, std::int64_t bins,
                   double* counts);

}  // namespace xgrad::detail
