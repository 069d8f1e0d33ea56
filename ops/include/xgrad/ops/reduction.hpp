// reduction.hpp: sums, means and extremes over axes.
//
// `dims` are the axes to reduce, all if empty; with keepdim they stay, of size 1.
// @throws ShapeError  for a dim that is not there, or is named twice.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Sum; of bools and integers an int64. Long float32 sums are added in blocks, those in
/// double: within 1e-6 for 10^7 values. 0 over nothing. @grad dx = dy repeated; reads nothing.
/// @check sum(x, {0, 2}); x [2, 3, 4]
/// @check sum(x); any in (-2, 2)
Tensor sum(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// Mean; NaN over nothing. @throws DTypeError unless floating. @grad dx = dy / n repeated.
/// @check mean(x, -1, true); x [3, 5]
/// @check mean(x); x [7]; x []
Tensor mean(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// Product; of bools and integers an int64. 1 over nothing. At most one dim, all without.
/// @grad  dx = dy times the product of the others, zeros among them or not; reads x and y.
/// @check prod(x, 1); x [2, 3, 2]; x [0, 3]
/// @check prod(x); x [5]
Tensor prod(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// Sum and mean of what is not NaN. @grad dx = dy where x is not NaN, over how many there are for
/// the mean, 0 elsewhere; reads x.
/// @check nansum(x, 1); x [3, 5]
Tensor nansum(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// @check nanmean(x, 1); x [3, 5]
Tensor nanmean(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// log(sum(e^x)), without overflow; -inf over nothing; of integers as float32.
/// @grad dx = dy e^(x - y); reads x and y.
/// @check logsumexp(x, 1); x [3, 5]; x [2, 3, 2]
Tensor logsumexp(Operand x, const Dims& dims, Flag keepdim = false);
/// Largest element; NaN if there is one. @throws ShapeError over nothing.
/// @grad  shared evenly between equal largest ones; reads x and y.
/// @check amax(x, 1); x [3, 5]
Tensor amax(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// Smallest element, likewise.
/// @check amin(x, {0, 1}); x [3, 5]
Tensor amin(Operand x, const Dims& dims = {}, Flag keepdim = false);

/// Position of the largest element (the first of equals, or of NaN) among all, row-major. int64.
/// @grad none. @throws ShapeError over nothing.
Tensor argmax(Operand x);
/// Along one axis.
Tensor argmax(Operand x, Dim dim, Flag keepdim = false);
/// Position of the smallest, likewise. @grad none.
Tensor argmin(Operand x);
Tensor argmin(Operand x, Dim dim, Flag keepdim = false);

/// Whether all are, or any is, not 0. bool; true, or false, over nothing. @grad none.
Tensor all(Operand x, const Dims& dims = {}, Flag keepdim = false);
Tensor any(Operand x, const Dims& dims = {}, Flag keepdim = false);
/// How many are not 0. int64. @grad none.
Tensor count_nonzero(Operand x, const Dims& dims = {});
/// The smallest and the largest element: `auto [min, max] = aminmax(x)`. Gradients as amin, amax.
struct MinMax {
  Tensor min, max;
};
/// @check aminmax(x, 1).min; x [3, 5]
MinMax aminmax(Operand x, const Dims& dims = {}, Flag keepdim = false);

}  // namespace xgrad
