// products.hpp: products of vectors, matrices and tensors, all made of matmul and mul.
//
// float32, float64 or int64; both operands have one dtype. @throws ShapeError, DTypeError as
// matmul. @grad made of ops.
#pragma once

#include <string_view>

#include <xgrad/ops/matmul.hpp>

namespace xgrad {

// matmul with the numbers of axes checked. @throws ShapeError for others.

/// (m, k) (k, n)
Tensor mm(Operand a, Operand b);
/// (batch, m, k) (batch, k, n)
Tensor bmm(Operand a, Operand b);
/// (m, k) (k)
Tensor mv(Operand a, Operand b);
/// (k) (k) to 0-d
Tensor dot(Operand a, Operand b);

// beta x + alpha times a product; x broadcasts to its shape, and is not looked at if beta is 0.

/// + alpha a b for matrices.
Tensor addmm(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);
/// + alpha a b for a matrix and a vector.
Tensor addmv(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);
/// + alpha a b^T for vectors.
Tensor addr(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);
/// + alpha the sum of all matrices' products in two batches.
Tensor addbmm(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);
/// + alpha each matrices' product in two batches.
Tensor baddbmm(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);

/// Sums of products over the last axes: (..., k) (---, k) to (..., ---). 0-d ones multiply.
Tensor inner(Operand a, Operand b);
/// All products of two vectors' elements: (m) (n) to (m, n).
Tensor outer(Operand a, Operand b);
/// The last `dims` axes of a against the first of b.
Tensor tensordot(Operand a, Operand b, int dims = 2);
/// Named axes of a against named axes of b, in their order.
Tensor tensordot(Operand a, Operand b, const std::vector<int>& dims_a,
                 const std::vector<int>& dims_b);
/// Each element of a times the whole of b, side by side; axes of size 1 are added in front.
Tensor kron(Operand a, Operand b);
/// The vector product along an axis of size 3, the first such if not named.
Tensor cross(Operand a, Operand b, std::optional<int> dim = {});
/// x1^T W_k x2 + bias_k: (..., in1), (..., in2), weight (out, in1, in2) to (..., out).
Tensor bilinear(Operand x1, Operand x2, const Tensor& weight, const Tensor& bias = {});

/// Sums of products by the letters of axes, as in "ij,jk->ik": an axis that the result lacks is
/// summed over, a letter that comes twice in one operand is its diagonal, "..." stands for axes
/// that broadcast; without "->" the result has the letters that come once, in order. Any number of
/// operands; pairs are contracted by matmul, the cheapest first.
/// @throws ValueError for an equation that is none, ShapeError for sizes that do not fit it.
Tensor einsum(std::string_view equation, const TensorList& operands,
              Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
