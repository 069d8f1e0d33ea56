// quantile.hpp: what lies between the elements in their order.
//
// float32 or float64. @throws ShapeError for other dtypes, a dim that is not there, or no elements.
#pragma once

#include <optional>
#include <string_view>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

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

}  // namespace xgrad
