// scatter_reduce.hpp: scatter with a reduction.
//
// Any dtype; index as in scatter.hpp. @throws DTypeError if it is not int64, ValueError for an
// index out of range, ShapeError if shapes do not match.
#pragma once

#include <string_view>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Writes src to the elements of x that gather(x, dim, index) reads, and reduces the elements of
/// src that go to the same element: by "sum", "prod", "mean", "amax" or "amin". If include_self,
/// the element of x is included in the reduction.
/// @throws ValueError for another reduce. @grad as that of the reduction; equal extremes divide dy
/// evenly.
/// @check scatter_reduce(x, 0, tensor({0, 1, 1, 3}), y, "prod"); x [5], y [4]
/// @check scatter_reduce(x, 0, tensor({0, 1, 1, 3}), y, "mean", false); x [5], y [4]
/// @check scatter_reduce(x, 0, tensor({0, 1, 1, 3}), y, "amax"); x [5], y [4]
Tensor scatter_reduce(Operand x, Dim dim, const Tensor& index, Operand src, std::string_view reduce,
                      Flag include_self = true);
/// scatter with reduce "add" or "multiply", which includes the element of x.
/// @check scatter(x, 0, tensor({{1, 0, 1}}), y, "multiply"); x [2, 3], y [1, 3]
Tensor scatter(Operand x, Dim dim, const Tensor& index, Operand src, std::string_view reduce);

}  // namespace xgrad
