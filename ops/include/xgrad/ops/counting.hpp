// counting.hpp: elements searched for and counted.
//
// Positions are int64. In rising order NaN comes last.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Where values would be put into rising rows to keep them in order: behind equals if right.
/// The axes before the last agree, or the rows are one. @grad none.
Tensor searchsorted(const Tensor& sorted_sequence, Operand values, Flag right = false);
/// The same of a single row. @grad none.
Tensor bucketize(Operand values, const Tensor& boundaries, Flag right = false);
/// The different elements in rising order. @grad none.
Tensor unique(const Tensor& x, Site site = {__builtin_FILE(), __builtin_LINE()});
struct Uniques {
  Tensor values;   ///< the different elements in rising order
  Tensor inverse;  ///< shaped as x: which of them each element is
  Tensor counts;   ///< how often each comes
};
Uniques unique_with_counts(const Tensor& x, Site site = {__builtin_FILE(), __builtin_LINE()});
/// How often each of 0, 1, ... comes, or the sum of its weights. @throws ValueError for a negative
/// element. @grad none.
Tensor bincount(const Tensor& x, const Tensor& weights = {}, std::int64_t minlength = 0,
                Site site = {__builtin_FILE(), __builtin_LINE()});
/// How many elements lie in each of `bins` equal parts of [min, max], or of the elements' own range
/// if both are 0. @grad none.
Tensor histc(const Tensor& x, std::int64_t bins = 100, double min = 0, double max = 0,
             Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
