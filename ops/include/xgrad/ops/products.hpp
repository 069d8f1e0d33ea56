// products.hpp: products of vectors, matrices and tensors, all made of matmul and mul.
//
// float32, float64 or int64; both operands have one dtype. @throws ShapeError, DTypeError as
// matmul. @grad made of ops.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

// matmul with the numbers of axes checked. @throws ShapeError for others.

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

// beta x + alpha times a product; x broadcasts to its shape, and is not looked at if beta is 0.

/// + alpha a b for matrices.
/// @check addmm(x, a, b, 0.5, 2); x [4], a [2, 3], b [3, 4]
Tensor addmm(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);
/// + alpha a b for a matrix and a vector.
/// @check addmv(x, a, b, 0.5, 2); x [2], a [2, 3], b [3]
Tensor addmv(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);
/// + alpha a b^T for vectors.
/// @check addr(x, a, b); x [2, 3], a [2], b [3]
Tensor addr(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);
/// + alpha the sum of all matrices' products in two batches.
/// @check addbmm(x, a, b); x [2, 2], a [3, 2, 3], b [3, 3, 2]
Tensor addbmm(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);
/// + alpha each matrices' product in two batches.
/// @check baddbmm(x, a, b); x [2, 1], a [2, 2, 3], b [2, 3, 2]
Tensor baddbmm(Operand x, Operand a, Operand b, double beta = 1, double alpha = 1);

/// Sums of products over the last axes: (..., k) (---, k) to (..., ---). 0-d ones multiply.
/// @check inner(a, b); a [2, 3], b [4, 3]
Tensor inner(Operand a, Operand b);
/// All products of two vectors' elements: (m) (n) to (m, n).
/// @check outer(a, b); a [2], b [3]
Tensor outer(Operand a, Operand b);
/// The last `dims` axes of a against the first of b.
/// @check tensordot(a, b); a [2, 3, 2], b [3, 2, 2]
/// @check tensordot(a, b, {2, 0}, {0, 1}); a [2, 3, 4], b [4, 2]
Tensor tensordot(Operand a, Operand b, int dims = 2);
/// Named axes of a against named axes of b, in their order.
Tensor tensordot(Operand a, Operand b, const std::vector<int>& dims_a,
                 const std::vector<int>& dims_b);
/// Each element of a times the whole of b, side by side; axes of size 1 are added in front.
/// @check kron(a, b); a [2, 2], b [3]
Tensor kron(Operand a, Operand b);
/// The vector product along an axis of size 3, the first such if not named.
/// @check cross(a, b); a [2, 3], b [3]
Tensor cross(Operand a, Operand b, std::optional<Dim> dim = {});
/// x1^T W_k x2 + bias_k: (..., in1), (..., in2), weight (out, in1, in2) to (..., out).
/// @check bilinear(x, y, w, b); x [2, 3], y [2, 2], w [2, 3, 2], b [2]
Tensor bilinear(Operand x1, Operand x2, const Tensor& weight, const Tensor& bias = {});

namespace linalg {
/// The sums of products along an axis of what both broadcast to.
/// @throws ShapeError if they do not, or have no such axis. @grad da = dy b, db = dy a; reads both.
/// @check linalg::vecdot(a, b, 0); a [3, 2], b [3, 1]; a [4], b [2, 4]; a [0, 2], b [1, 2]
Tensor vecdot(Operand a, Operand b, Dim dim = -1);
}  // namespace linalg

/// The sum of a matrix's diagonal. @throws ShapeError unless it has two axes.
/// @check trace(x); x [3, 4]
Tensor trace(Operand x);
/// A vector's powers as columns: n of them, as many as it has elements if not told; falling unless
/// increasing. @throws ShapeError unless x is a vector.
/// @check vander(x, 4); x [3] in (0.5, 2)
Tensor vander(Operand x, std::optional<std::int64_t> n = {}, Flag increasing = false);

}  // namespace xgrad
