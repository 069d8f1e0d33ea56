// einsum.hpp: sums of products, written by the letters of axes.
//
// float32, float64 or int64; all operands have one dtype. @throws ShapeError, DTypeError as
// matmul. @grad made of ops.
#pragma once

#include <string_view>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Sums of products by the letters of axes, as in "ij,jk->ik": an axis that the result lacks is
/// summed over, a letter that comes twice in one operand is its diagonal, "..." stands for axes
/// that broadcast; without "->" the result has the letters that come once, in order. Any number of
/// operands; pairs are contracted by matmul, the cheapest first.
/// @throws ValueError for an equation that is none, ShapeError for sizes that do not fit it.
/// @check einsum("bik,k,bjk->bij", {a, b, c}); a [2, 2, 3], b [3], c [2, 3, 3]
/// @check einsum("ii->i", {a}); a [3, 3]
Tensor einsum(std::string_view equation, const TensorList& operands,
              Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
