// products.hpp: products of vectors, matrices and tensors, made of matmul and mul.
//
// float32, float64 or int64; both operands must have the same dtype. @throws ShapeError, DTypeError
// as matmul. @grad made of ops.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

// matmul for operands with a fixed number of dims. @throws ShapeError for another number.

/// (m, k) (k, n)
/// @check mm(a, b); a [2, 3], b [3, 4]
Tensor mm(Operand a, Operand b);
/// (batch, m, k) (batch, k, n)
/// @check bmm(a, b); a [2, 2, 3], b [2, 3, 1]
Tensor bmm(Operand a, Operand b);
/// (m, k) (k)
/// @check mv(a, b); a [2, 3], b [3]
Tensor mv(Operand a, Operand b);
/// (k) (k) to 0-d
/// @check dot(a, b); a [4], b [4]
Tensor dot(Operand a, Operand b);

// beta x + alpha * a product. x broadcasts to the shape of the product. If beta is 0, x is not
// read.

/// beta x + alpha a b, for matrices a and b.
/// @check addmm(x, a, b, 0.5, 2); x [4], a [2, 3], b [3, 4]
Tensor addmm(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);
/// beta x + alpha a b, for a matrix a and a vector b.
/// @check addmv(x, a, b, 0.5, 2); x [2], a [2, 3], b [3]
Tensor addmv(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);
/// beta x + alpha a b^T, for vectors a and b.
/// @check addr(x, a, b); x [2, 3], a [2], b [3]
Tensor addr(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);
/// beta x + alpha * the sum of the products a[i] b[i], for batches of matrices a and b.
/// @check addbmm(x, a, b); x [2, 2], a [3, 2, 3], b [3, 3, 2]
Tensor addbmm(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);
/// beta x + alpha a b, for batches of matrices a and b.
/// @check baddbmm(x, a, b); x [2, 1], a [2, 2, 3], b [2, 3, 2]
Tensor baddbmm(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);

/// Sums of products over the last dims: (..., k) (---, k) -> (..., ---). If an operand is 0-d, the
/// product a b.
/// @check inner(a, b); a [2, 3], b [4, 3]
Tensor inner(Operand a, Operand b);
/// The outer product of two vectors: (m) (n) -> (m, n).
/// @check outer(a, b); a [2], b [3]
Tensor outer(Operand a, Operand b);
/// Contracts the last `dims` dims of a with the first `dims` dims of b.
/// @check tensordot(a, b); a [2, 3, 2], b [3, 2, 2]
/// @check tensordot(a, b, {2, 0}, {0, 1}); a [2, 3, 4], b [4, 2]
Tensor tensordot(Operand a, Operand b, int dims = 2);
/// Contracts dims_a[i] of a with dims_b[i] of b, for each i.
Tensor tensordot(Operand a, Operand b, const std::vector<int>& dims_a,
                 const std::vector<int>& dims_b);
/// The Kronecker product: blocks of b multiplied by each element of a. The operand with fewer dims
/// first gets dims of size 1 in front.
/// @check kron(a, b); a [2, 2], b [3]
Tensor kron(Operand a, Operand b);
/// The cross product along dim, which must have size 3; by default the first dim of size 3.
/// @check cross(a, b); a [2, 3], b [3]
Tensor cross(Operand a, Operand b, std::optional<Dim> dim = {});
/// y_k = x1^T weight_k x2 + bias_k, for x1 (..., in1), x2 (..., in2), weight (out, in1, in2) and
/// bias (out) or undefined. The result is (..., out).
/// @check bilinear(x, y, w, b); x [2, 3], y [2, 2], w [2, 3, 2], b [2]
Tensor bilinear(Operand x1, Operand x2, const Tensor& weight, const Tensor& bias = {});

namespace linalg {
/// The dot products of a and b along dim, after both broadcast.
/// @throws ShapeError if they do not broadcast, or lack dim.
/// @grad da = dy b, db = dy a; saves both.
/// @check linalg::vecdot(a, b, 0); a [3, 2], b [3, 1]; a [4], b [2, 4]; a [0, 2], b [1, 2]
Tensor vecdot(Operand a, Operand b, Dim dim = -1);
}  // namespace linalg

/// The sum of the diagonal of a matrix. @throws ShapeError unless x is 2-d.
/// @check trace(x); x [3, 4]
Tensor trace(Operand x);
/// The Vandermonde matrix of a vector: its columns are n powers of x, from n - 1 to 0, or from 0 to
/// n - 1 if increasing. By default, n is the size of x. @throws ShapeError unless x is 1-d.
/// @check vander(x, 4); x [3] in (0.5, 2)
Tensor vander(Operand x, std::optional<std::int64_t> n = {}, Flag increasing = false);

}  // namespace xgrad
