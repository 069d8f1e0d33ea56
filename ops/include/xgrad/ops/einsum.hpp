// einsum.hpp: sums of products in Einstein notation.
//
// float32, float64 or int64; all operands must have the same dtype. @throws ShapeError, DTypeError
// as matmul. @grad made of ops.
#pragma once

#include <string_view>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Multiplies the operands and sums over dims, as in "ij,jk->ik". Each term names the dims of one
/// operand by letters, and the part after "->" those of the result:
///
/// - A dim whose letter is not in the result is summed over.
/// - A letter that occurs twice in one term selects the diagonal.
/// - "..." stands for the remaining dims, which broadcast.
/// - Without "->", the result has the letters that occur once, in alphabetical order.
///
/// Takes any number of operands. Pairs are contracted by matmul, the cheapest pair first.
/// @throws ValueError if the equation is invalid, ShapeError if sizes do not match.
/// @check einsum("bik,k,bjk->bij", {a, b, c}); a [2, 2, 3], b [3], c [2, 3, 3]
/// @check einsum("ii->i", {a}); a [3, 3]
Tensor einsum(std::string_view equation, const TensorList& operands,
              Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
