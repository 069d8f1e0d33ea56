// counting.hpp: how often values come, and where they stand among others.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// For each value the first place in a sorted row before which it could stand, or the last
/// (`right`). Rows of n, for `each` values after one another; one row, if `each` is all.
void search_sorted(DType dtype, std::int64_t n, std::int64_t each, bool right, const void* rows,
                   std::int64_t count, const void* values, std::int64_t* at);

/// The different elements of x in order: where each is first, how many there are of it, and which
/// of them each element of x is, unless `inverse` is null. NaN differs from NaN. All have room for
/// n; returns how many there are.
std::int64_t unique_elements(DType dtype, std::int64_t n, const void* x, std::int64_t* first,
                             std::int64_t* counts, std::int64_t* inverse);

/// The least and the largest of n integers, n > 0.
struct IntegerRange {
  std::int64_t least, most;
};
IntegerRange integer_range(std::int64_t n, const std::int64_t* x);
/// y[i] = how many of n elements are i; they are in [0, bins).
void count_integers(std::int64_t n, const std::int64_t* x, std::int64_t bins, std::int64_t* y);

/// counts[i] += 1 for each of n elements in the i-th of `bins` even parts of [low, high].
void count_in_bins(double low, double high, std::int64_t n, const double* x, std::int64_t bins,
                   double* counts);

}  // namespace xgrad::detail
