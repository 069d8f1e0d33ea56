// sorting.hpp: sorting and order statistics.
//
// NaN sorts after all other values. Gradients of values flow to the elements that were selected.
// Indices are int64. @throws ShapeError for a dim that is out of range, or has no elements to
// select from.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Values and their indices along the dim: `auto [values, indices] = sort(x);`
struct ValuesIndices {
  Tensor values, indices;
};

/// Sorts along dim in ascending order, or descending if so. The sort is stable.
/// @grad dx = dy at the elements that were selected.
/// @check sort(x).values; x [3, 5]; x []
/// @check sort(x, 0, true).values; x [4, 2]
ValuesIndices sort(Operand x, Dim dim = -1, Flag descending = false);
/// The indices that sort returns. @grad none.
Tensor argsort(Operand x, Dim dim = -1, Flag descending = false);
/// Sorts along dim 0.
/// @check msort(x); x [4, 2]
Tensor msort(Operand x);
/// The k largest elements along dim in descending order; if not largest, the k smallest in
/// ascending order. @throws ValueError if k is negative or exceeds the size of dim.
/// @check topk(x, 2).values; x [3, 5]
/// @check topk(x, 2, 0, false).values; x [4, 3]
ValuesIndices topk(Operand x, std::int64_t k, Dim dim = -1, Flag largest = true);
/// The kth smallest element along dim, counted from 1. @throws ValueError unless k is in [1, size
/// of dim].
/// @check kthvalue(x, 2).values; x [3, 5]
ValuesIndices kthvalue(Operand x, std::int64_t k, Dim dim = -1, Flag keepdim = false);
/// The median along dim; the lower of two middle elements. NaN if an element is NaN.
/// @check median(x, 1).values; x [3, 4]
/// @check median(x); x [5]
ValuesIndices median(Operand x, Dim dim, Flag keepdim = false);
/// The median of all elements; NaN for a floating-point tensor without elements. @grad divided
/// evenly among equal elements.
Tensor median(Operand x);
/// The median of the elements that are not NaN; NaN if all are.
/// @check nanmedian(x, 0, true).values; x [3, 4]
/// @check nanmedian(x); x [2, 3]
ValuesIndices nanmedian(Operand x, Dim dim, Flag keepdim = false);
Tensor nanmedian(Operand x);
/// The most frequent element along dim (the smallest of several), and its last index.
/// @check mode(x, 1).values; x [3, 4]
ValuesIndices mode(Operand x, Dim dim = -1, Flag keepdim = false);

/// The maximum along dim, and its first index. @grad dx = dy at that index.
/// @check max(x, 1).values; x [3, 5]
/// @check max(x); x [5]
ValuesIndices max(Operand x, Dim dim, Flag keepdim = false);
/// @check min(x, 0, true).values; x [3, 5]
/// @check min(x); x [2, 3]
ValuesIndices min(Operand x, Dim dim, Flag keepdim = false);
/// The maximum, or minimum, of all elements. @grad divided evenly among equal elements.
Tensor max(Operand x);
Tensor min(Operand x);
/// Elementwise: other names of maximum and minimum.
Tensor max(Operand a, const Tensor& b);
Tensor min(Operand a, const Tensor& b);

}  // namespace xgrad
