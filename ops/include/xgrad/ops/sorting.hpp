// sorting.hpp: elements by their order: sorts, order statistics, searches.
//
// NaN counts as larger than everything. Values carry the gradients of the positions they came from;
// positions are int64. @throws ShapeError for a dim that is not there, or nothing to choose from.
#pragma once

#include <string_view>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Values, and where along the axis they were: `auto [values, indices] = sort(x);`
struct ValuesIndices {
  Tensor values, indices;
};

/// In rising or falling order along an axis; equal elements keep their order.
/// @grad dx = dy, put back where it came from.
ValuesIndices sort(Operand x, int dim = -1, bool descending = false);
/// Where `sort` takes them from.
Tensor argsort(Operand x, int dim = -1, bool descending = false);
/// Sorted along the first axis.
Tensor msort(Operand x);
/// The k largest, or smallest, along an axis, in order. @throws ValueError if k is negative or
/// above the axis's size.
ValuesIndices topk(Operand x, std::int64_t k, int dim = -1, bool largest = true);
/// The kth smallest, k from 1 on. @throws ValueError likewise.
ValuesIndices kthvalue(Operand x, std::int64_t k, int dim = -1, bool keepdim = false);
/// The middle element, the lower one of two; NaN if one is.
ValuesIndices median(Operand x, int dim, bool keepdim = false);
/// Of all elements. @grad to the first that has it, of equals.
Tensor median(Operand x);
/// Of those that are not NaN; NaN if all are.
ValuesIndices nanmedian(Operand x, int dim, bool keepdim = false);
Tensor nanmedian(Operand x);
/// The most frequent element, the smallest of several, and its last position.
ValuesIndices mode(Operand x, int dim = -1, bool keepdim = false);

/// The largest along an axis, and where the first of them is.
/// @grad all to that one.
ValuesIndices max(Operand x, int dim, bool keepdim = false);
ValuesIndices min(Operand x, int dim, bool keepdim = false);
/// Of all elements. @grad shared evenly by equals.
Tensor max(Operand x);
Tensor min(Operand x);
/// Elementwise: maximum and minimum under another name.
Tensor max(Operand a, const Tensor& b);
Tensor min(Operand a, const Tensor& b);

/// What lies at the fraction q of the way through the sorted elements; between two by
/// "linear", "lower", "higher", "nearest" or "midpoint". A tensor of qs is a new first axis.
/// NaN if one element is. @throws ValueError for q outside [0, 1] or another word.
/// @grad through the sorted elements.
Tensor quantile(Operand x, Operand q, std::optional<int> dim = {}, bool keepdim = false,
                std::string_view interpolation = "linear");
/// Of those that are not NaN.
Tensor nanquantile(Operand x, Operand q, std::optional<int> dim = {}, bool keepdim = false,
                   std::string_view interpolation = "linear");

/// Where values would be put into rising rows to keep them in order: behind equals if right.
/// The axes before the last agree, or the rows are one. No gradient.
Tensor searchsorted(const Tensor& sorted_sequence, Operand values, bool right = false);
/// The same of a single row.
Tensor bucketize(Operand values, const Tensor& boundaries, bool right = false);
/// The different elements in rising order. No gradient.
Tensor unique(const Tensor& x);
struct Uniques {
  Tensor values;   ///< the different elements in rising order
  Tensor inverse;  ///< shaped as x: which of them each element is
  Tensor counts;   ///< how often each comes
};
Uniques unique_with_counts(const Tensor& x);
/// How often each of 0, 1, ... comes, or the sum of its weights. @throws ValueError for a negative
/// element. No gradient.
Tensor bincount(const Tensor& x, const Tensor& weights = {}, std::int64_t minlength = 0);
/// How many elements lie in each of `bins` equal parts of [min, max], or of the elements' own range
/// if both are 0. No gradient.
Tensor histc(const Tensor& x, std::int64_t bins = 100, double min = 0, double max = 0);

}  // namespace xgrad
