// sorting.hpp: elements by their order: sorts and order statistics.
//
// NaN counts as larger than everything. Values carry the gradients of the positions they came from;
// positions are int64. @throws ShapeError for a dim that is not there, or nothing to choose from.
#pragma once

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

}  // namespace xgrad
