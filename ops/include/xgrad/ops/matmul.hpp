// matmul.hpp: products of vectors, matrices and batches of them.
//
// float32 by oneDNN where it was found, else CBLAS; float64 by CBLAS; the same bits for any number
// of threads. Both operands have the same dtype.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Matrix product, by the number of axes as PyTorch's:
///   (k) (k) -> 0-d;  (m, k) (k) -> (m);  (k) (k, n) -> (n);  (m, k) (k, n) -> (m, n);
///   with more axes the last two are matrices, the ones before batches that broadcast.
///
/// @throws ShapeError  for 0-d operands, inner sizes that differ, batches that do not broadcast.
/// @throws DTypeError  if the dtypes differ, or are bool.
/// @grad  da = dy b^T, db = a^T dy; each reads the other operand.
/// @check matmul(a, b); a [2, 3], b [3, 4]; a [4, 2, 3], b [3]; a [2, 1, 2, 3], b [3, 3, 1]
Tensor matmul(Operand a, Operand b);

/// x W^T + b: x is (..., in), weight (out, in), bias (out) or undefined; gives (..., out).
///
/// @throws ShapeError, DTypeError  as matmul.
/// @grad  dx = dy W, dW = dy^T x, db = dy summed over rows; reads x and weight.
/// @check linear(x, w, b); x [2, 3], w [4, 3], b [4]
Tensor linear(Operand x, const Tensor& weight, const Tensor& bias = {});

}  // namespace xgrad
