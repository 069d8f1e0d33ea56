// matmul.hpp: products of vectors, matrices and batches of matrices.
//
// Both operands must have the same dtype. float32 uses oneDNN if it was found at build time, else
// CBLAS; float64 uses CBLAS. Results have the same bits for any number of threads.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Matrix product. As in PyTorch, the shapes of the operands determine the product:
///   (k) (k) -> 0-d;  (m, k) (k) -> (m);  (k) (k, n) -> (n);  (m, k) (k, n) -> (m, n);
///   with more dims, the last two are matrices, and the dims before them are batches, which
///   broadcast.
///
/// @throws ShapeError  for 0-d operands, different inner sizes, batches that do not broadcast.
/// @throws DTypeError  if the dtypes differ or are bool.
/// @grad  da = dy b^T, db = a^T dy; each saves the other operand.
/// @check matmul(a, b); a [2, 3], b [3, 4]; a [4, 2, 3], b [3]; a [2, 1, 2, 3], b [3, 3, 1]
Tensor matmul(Operand a, Operand b);

/// x weight^T + bias, for x (..., in), weight (out, in) and bias (out) or undefined. The result is
/// (..., out).
///
/// @throws ShapeError, DTypeError  as matmul.
/// @grad  dx = dy W, dW = dy^T x, db = dy summed over the rows; saves x and weight.
/// @check linear(x, w, b); x [2, 3], w [4, 3], b [4]
Tensor linear(Operand x, const Tensor& weight, const Tensor& bias = {});

}  // namespace xgrad
