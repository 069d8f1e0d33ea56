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
/// @check sort(x).values; x [3, 5]; x []
/// @check sort(x, 0, true).values; x [4, 2]
ValuesIndices sort(Operand x, Dim dim = -1, Flag descending = false);
/// Where `sort` takes them from. @grad none.
Tensor argsort(Operand x, Dim dim = -1, Flag descending = false);
/// Sorted along the first axis.
/// @check msort(x); x [4, 2]
Tensor msort(Operand x);
/// The k largest, or smallest, along an axis, in order. @throws ValueError if k is negative or
/// above the axis's size.
/// @check topk(x, 2).values; x [3, 5]
/// @check topk(x, 2, 0, false).values; x [4, 3]
ValuesIndices topk(Operand x, std::int64_t k, Dim dim = -1, Flag largest = true);
/// The kth smallest, k from 1 on. @throws ValueError likewise.
/// @check kthvalue(x, 2).values; x [3, 5]
ValuesIndices kthvalue(Operand x, std::int64_t k, Dim dim = -1, Flag keepdim = false);
/// The middle element, the lower one of two; NaN if one is.
/// @check median(x, 1).values; x [3, 4]
/// @check median(x); x [5]
ValuesIndices median(Operand x, Dim dim, Flag keepdim = false);
/// Of all elements; NaN for a floating tensor without any. @grad shared between equal ones.
Tensor median(Operand x);
/// Of those that are not NaN; NaN if all are.
/// @check nanmedian(x, 0, true).values; x [3, 4]
/// @check nanmedian(x); x [2, 3]
ValuesIndices nanmedian(Operand x, Dim dim, Flag keepdim = false);
Tensor nanmedian(Operand x);
/// The most frequent element, the smallest of several, and its last position.
/// @check mode(x, 1).values; x [3, 4]
ValuesIndices mode(Operand x, Dim dim = -1, Flag keepdim = false);

/// The largest along an axis, and where the first of them is.
/// @grad all to that one.
/// @check max(x, 1).values; x [3, 5]
/// @check max(x); x [5]
ValuesIndices max(Operand x, Dim dim, Flag keepdim = false);
/// @check min(x, 0, true).values; x [3, 5]
/// @check min(x); x [2, 3]
ValuesIndices min(Operand x, Dim dim, Flag keepdim = false);
/// Of all elements. @grad shared evenly by equals.
Tensor max(Operand x);
Tensor min(Operand x);
/// Elementwise: maximum and minimum under another name.
Tensor max(Operand a, const Tensor& b);
Tensor min(Operand a, const Tensor& b);

/// What lies at the fraction q of the way through the sorted elements; between two by
/// "linear", "lower", "higher", "nearest" or "midpoint". A tensor of qs is a new first axis.
/// NaN if one element is. @throws ValueError for q outside [0, 1] or another word.
/// @grad through the sorted elements, and for q their slope there.
/// @check quantile(x, 0.3, 1); x [3, 5]
/// @check quantile(x, tensor({0.25, 0.5}, {.dtype = float64}), 0); x [4, 2]
Tensor quantile(Operand x, Operand q, std::optional<Dim> dim = {}, Flag keepdim = false,
                std::string_view interpolation = "linear");
/// Of those that are not NaN.
/// @check nanquantile(x, 0.6); x [7]
Tensor nanquantile(Operand x, Operand q, std::optional<Dim> dim = {}, Flag keepdim = false,
                   std::string_view interpolation = "linear");

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
