// quantile.hpp: quantiles.
//
// float32 or float64. @throws ShapeError for another dtype, a dim out of range, or no elements.
#pragma once

#include <optional>
#include <string_view>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// The quantiles q of x along dim, or of all elements without dim. interpolation tells how to
/// choose between two elements: "linear", "lower", "higher", "nearest" or "midpoint". A 1-d q
/// becomes a new first dim. The result is NaN if an element is NaN.
/// @throws ValueError for q outside [0, 1] or another interpolation.
/// @grad flows to x through the sorted elements, and to q by the slope between them.
/// @check quantile(x, 0.3, 1); x [3, 5]
/// @check quantile(x, tensor({0.25, 0.5}, {.dtype = float64}), 0); x [4, 2]
Tensor quantile(Operand x, Operand q, std::optional<Dim> dim = {}, Flag keepdim = false,
                std::string_view interpolation = "linear");
/// The quantiles of the elements that are not NaN.
/// @check nanquantile(x, 0.6); x [7]
Tensor nanquantile(Operand x, Operand q, std::optional<Dim> dim = {}, Flag keepdim = false,
                   std::string_view interpolation = "linear");

}  // namespace xgrad
