// counting.hpp: searching in sorted sequences, unique elements, counts and histograms.
//
// Indices are int64. NaN sorts after all other values.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// The indices at which values would be inserted into the last dim of sorted_sequence (ascending)
/// to keep it sorted: before equal elements, or after them if right. sorted_sequence is 1-d, or has
/// the sizes of values in all dims but the last. @grad none.
Tensor searchsorted(const Tensor& sorted_sequence, Operand values, Flag right = false);
/// searchsorted for one sequence, with the arguments in the other order. @grad none.
Tensor bucketize(Operand values, const Tensor& boundaries, Flag right = false);
/// The distinct elements of x, sorted in ascending order. @grad none.
Tensor unique(const Tensor& x, Site site = {__builtin_FILE(), __builtin_LINE()});
struct Uniques {
  Tensor values;   ///< the distinct elements, sorted in ascending order
  Tensor inverse;  ///< shape of x: the index in values of each element
  Tensor counts;   ///< how often each of values occurs
};
Uniques unique_with_counts(const Tensor& x, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Counts the occurrences of each of 0, 1, ... in x, a 1-d int64 tensor; with weights, sums the
/// weights of each. The result has at least minlength elements. @throws DTypeError, ShapeError for
/// another x; ValueError for a negative element. @grad none.
Tensor bincount(const Tensor& x, const Tensor& weights = {}, std::int64_t minlength = 0,
                Site site = {__builtin_FILE(), __builtin_LINE()});
/// Counts the elements of x in each of `bins` bins of equal width between min and max. If both are
/// equal, the bins span the range of x. @throws ValueError unless bins >= 1, min <= max, and the
/// range is finite. @grad none.
Tensor histc(const Tensor& x, std::int64_t bins = 100, double min = 0, double max = 0,
             Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
