// reduction.hpp: sums, means, products and extremes over dims.
//
// `dims` are the dims to reduce; if empty, all. With keepdim, reduced dims stay, with size 1.
// @throws ShapeError  for a dim that is out of range or repeated.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Sum; 0 over no elements. Of bool and int64, an int64. float32 is summed in blocks, whose sums
/// are added in double: the result is within 1e-6 for 10^7 values.
/// @grad dx = dy, expanded over the reduced dims; saves nothing.
/// @check sum(x, {0, 2}); x [2, 3, 4]
/// @check sum(x); any in (-2, 2)
Tensor sum(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// Mean; NaN over no elements. @throws DTypeError unless x is float32 or float64.
/// @grad dx = dy / n, expanded over the reduced dims.
/// @check mean(x, -1, true); x [3, 5]
/// @check mean(x); x [7]; x []
Tensor mean(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// Product; 1 over no elements. Of bool and int64, an int64. Takes at most one dim.
/// @grad  dx = dy * the product of the other elements, correct also if some are 0; saves x and y.
/// @check prod(x, 1); x [2, 3, 2]; x [0, 3]
/// @check prod(x); x [5]
Tensor prod(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// Sum and mean of the elements that are not NaN. @grad dx = dy where x is not NaN, divided by
/// their number for the mean; 0 elsewhere; saves x.
/// @check nansum(x, 1); x [3, 5]
Tensor nansum(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// @check nanmean(x, 1); x [3, 5]
Tensor nanmean(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// log(sum(e^x)), computed without overflow; -inf over no elements. Integers are converted to
/// the default dtype. @grad dx = dy e^(x - y); saves x and y.
/// @check logsumexp(x, 1); x [3, 5]; x [2, 3, 2]
Tensor logsumexp(Operand x, const Dims& dims, Flag keepdim = false);
/// Maximum; NaN if an element is NaN. @throws ShapeError over no elements.
/// @grad  dx = dy, divided evenly among equal maxima; saves x and y.
/// @check amax(x, 1); x [3, 5]
Tensor amax(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// Minimum. Otherwise like amax.
/// @check amin(x, {0, 1}); x [3, 5]
Tensor amin(Operand x, const Dims& dims = {}, Flag keepdim = false);

/// The index of the maximum in the flattened x (row-major), as int64: the first of equal maxima, or
/// the first NaN. @grad none. @throws ShapeError over no elements.
Tensor argmax(Operand x);
/// The index of the maximum along dim.
Tensor argmax(Operand x, Dim dim, Flag keepdim = false);
/// The index of the minimum. Otherwise like argmax. @grad none.
Tensor argmin(Operand x);
Tensor argmin(Operand x, Dim dim, Flag keepdim = false);

/// Whether all elements, or any, are nonzero, as bool. Over no elements, all is true and any false.
/// @grad none.
Tensor all(Operand x, const Dims& dims = {}, Flag keepdim = false);
Tensor any(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// The number of nonzero elements, as int64. @grad none.
Tensor count_nonzero(Operand x, const Dims& dims = {});
/// Minimum and maximum: `auto [min, max] = aminmax(x)`. Gradients as those of amin and amax.
struct MinMax {
  Tensor min, max;
};
/// @check aminmax(x, 1).min; x [3, 5]
MinMax aminmax(Operand x, const Dims& dims = {}, Flag keepdim = false);

}  // namespace xgrad
