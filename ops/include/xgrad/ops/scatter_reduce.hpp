// scatter_reduce.hpp: elements combined where tensors of positions put them.
//
// Any dtype; positions as in scatter.hpp. @throws DTypeError if they are not int64, ValueError for
// one that is out of range, ShapeError for shapes that do not fit.
#pragma once

#include <string_view>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// All src of a position reduced to one, by "sum", "prod", "mean", "amax" or "amin", x's element
/// among them if include_self.
/// @throws ValueError for another word. @grad as of the reduction; equal extremes share.
/// @check scatter_reduce(x, 0, tensor({0, 1, 1, 3}), y, "prod"); x [5], y [4]
/// @check scatter_reduce(x, 0, tensor({0, 1, 1, 3}), y, "mean", false); x [5], y [4]
/// @check scatter_reduce(x, 0, tensor({0, 1, 1, 3}), y, "amax"); x [5], y [4]
Tensor scatter_reduce(Operand x, Dim dim, const Tensor& index, Operand src, std::string_view reduce,
                      Flag include_self = true);
/// scatter with a reduction, "add" or "multiply": x's element counts.
/// @check scatter(x, 0, tensor({{1, 0, 1}}), y, "multiply"); x [2, 3], y [1, 3]
Tensor scatter(Operand x, Dim dim, const Tensor& index, Operand src, std::string_view reduce);

}  // namespace xgrad
