// linalg.hpp: solvers, factorizations, functions and norms of matrices, computed by LAPACK.
//
// The last two dims are matrices; the dims before them are batches, which broadcast if there are
// two operands. float32 or float64. @throws DTypeError for another dtype; ShapeError if an operand
// has fewer than 2 dims, or is not square where it must be; ValueError for a matrix that is
// singular, not positive definite or not finite where the result requires it.
//
// All gradients are made of ops, and can be differentiated any number of times where the result is
// smooth. The vectors of equal eigenvalues or singular values have no gradient.
#pragma once

#include <string>
#include <string_view>

#include <xgrad/ops/products.hpp>

namespace xgrad {
namespace linalg {

using xgrad::cross;

// Solving.

/// The inverse A^-1. @grad dA = -y^T dy y^T; saves y.
/// @check linalg::inv(x + 3 * eye(3)); x [3, 3]; x [2, 3, 3]
Tensor inv(Operand a);
/// The solution X of A X = B. B is (..., n, k), or (..., n) for one vector per matrix.
/// @grad dB = A^-T dX, dA = -dB X^T; saves A and X.
/// @check linalg::solve(a + 3 * eye(3), b); a [3, 3], b [3]; a [3, 3], b [2, 3, 2]
Tensor solve(Operand a, Operand b);
struct TriangularOptions {
  bool left = true;            ///< solves A X = B; if false, X A = B
  bool unitriangular = false;  ///< takes the diagonal of A as ones, without reading it
};
/// The solution of A X = B for a triangular A, upper or lower. The other triangle is not read.
/// @check linalg::solve_triangular(a + 3 * eye(3), b, true); a [3, 3], b [3, 2]
Tensor solve_triangular(Operand a, Operand b, Flag upper, const TriangularOptions& options = {});
/// The X that minimizes |A X - B|, for an A of full rank; computed by qr. @grad made of ops.
/// @check linalg::lstsq(a, b); a [4, 2], b [4]
Tensor lstsq(Operand a, Operand b);
/// The Moore-Penrose pseudoinverse. Singular values below rtol times the largest count as 0; by
/// default, rtol is max(m, n) times the machine epsilon of the dtype. @grad valid for constant rank
/// (Golub and Pereyra, 1973); saves A and y.
/// @check linalg::pinv(x); x [3, 2]; x [2, 2, 3]
Tensor pinv(Operand a, std::optional<double> rtol = {});

// Determinants.

/// The determinant. @grad dA = dy y A^-T, computed by svd for singular matrices; saves A and y.
/// @check linalg::det(x); x [3, 3]; x [2, 2, 2]
Tensor det(Operand a);
struct SignLogabsdet {
  Tensor sign, logabsdet;
};
/// The sign of the determinant and the logarithm of its absolute value; 0 and -inf if it is 0.
/// @grad dA = dlogabsdet A^-T; saves A.
/// @check linalg::slogdet(x).logabsdet; x [3, 3]
SignLogabsdet slogdet(Operand a);

// Factorizations.

/// The lower triangular L with A = L L^T, for a symmetric positive definite A, whose lower triangle
/// is read. If upper, the upper triangular U with A = U^T U, from the upper triangle.
/// @grad dA is symmetric; saves L.
/// @check linalg::cholesky(matmul(x, x.t()) + eye(3)); x [3, 3]
Tensor cholesky(Operand a, Flag upper = false);
struct Eigh {
  Tensor eigenvalues;   ///< (..., n), ascending
  Tensor eigenvectors;  ///< (..., n, n), in columns; their signs are arbitrary
};
/// The eigenvalues w and eigenvectors V of a symmetric A = V diag(w) V^T. Reads the lower triangle
/// of A if uplo is 'L', the upper if it is 'U'.
/// @grad dA = V (diag(dw) + (V^T dV) / (w_j - w_i)) V^T; saves w and V.
/// @check linalg::eigh(x + x.t()).eigenvalues; x [3, 3]
/// @check square(linalg::eigh(x + x.t()).eigenvectors); x [3, 3]
Eigh eigh(Operand a, char uplo = 'L');
/// @check linalg::eigvalsh(x + x.t()); x [3, 3]
Tensor eigvalsh(Operand a, char uplo = 'L');
struct Svd {
  Tensor U;   ///< (..., m, k) with k = min(m, n); (..., m, m) with full_matrices
  Tensor S;   ///< (..., k), descending
  Tensor Vh;  ///< (..., k, n); (..., n, n) with full_matrices
};
/// The singular value decomposition A = U diag(S) Vh. The signs of the vectors are arbitrary.
/// @throws GraphError in a sweep through U or Vh with full_matrices, unless A is square.
/// @grad saves U, S and Vh.
/// @check linalg::svd(x, false).S; x [3, 2]
/// @check square(linalg::svd(x, false).U); x [3, 2]; x [2, 3]
/// @check square(linalg::svd(x, false).Vh); x [3, 2]; x [2, 3]
Svd svd(Operand a, Flag full_matrices = true);
/// @check linalg::svdvals(x); x [2, 3]
Tensor svdvals(Operand a);
struct Qr {
  Tensor Q;  ///< (..., m, k) with k = min(m, n); (..., m, m) if "complete"
  Tensor R;  ///< (..., k, n); (..., m, n) if "complete"
};
/// The QR decomposition A = Q R, with orthonormal columns in Q and an upper triangular R. mode is
/// "reduced" or "complete". Unlike PyTorch's, the diagonal of R is never negative, which makes the
/// result unique. @throws GraphError in a sweep through "complete" if m > n. @grad saves Q and R.
/// @check linalg::qr(x).Q; x [3, 2]; x [2, 3]
/// @check linalg::qr(x).R; x [3, 2]; x [2, 3]
Qr qr(Operand a, std::string_view mode = "reduced");

// Functions of matrices.

/// The product of n factors A; of -n inverses of A if n is negative. @grad made of ops.
/// @check linalg::matrix_power(x, 3); x [2, 2]
/// @check linalg::matrix_power(x + 3 * eye(2), -2); x [2, 2]
Tensor matrix_power(Operand a, std::int64_t n);
/// The matrix exponential e^A, computed by scaling and squaring (Higham, 2005). @grad dA is a block
/// of e^[A^T, dy; 0, A^T].
/// @check linalg::matrix_exp(x); x [2, 2]
Tensor matrix_exp(Operand a);
/// The product of all tensors, multiplied in the order with the fewest operations. They are 2-d;
/// the first and the last may be 1-d.
/// @check linalg::multi_dot({a, b, c}); a [3], b [3, 2], c [2, 4]
Tensor multi_dot(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});

// Norms and condition numbers.

/// sum(|x|^ord)^(1/ord) over dim, or over all elements if dim is empty. For ord inf and -inf, the
/// largest and the smallest |x|; for 0, the number of nonzero elements.
/// @grad 0 where all elements are 0; saves x and y.
/// @check linalg::vector_norm(x, 3, 1); x [3, 4]
/// @check linalg::vector_norm(x); x [5]
Tensor vector_norm(Operand x, double ord = 2, const Dims& dim = {}, Flag keepdim = false);
/// The Frobenius norm ("fro") or the nuclear norm ("nuc", the sum of the singular values).
/// @check linalg::matrix_norm(x, "nuc"); x [3, 2]
/// @check linalg::matrix_norm(x, 1.0); x [2, 3]
Tensor matrix_norm(Operand a, std::string_view ord = "fro", const std::vector<int>& dim = {-2, -1},
                   Flag keepdim = false);
/// For ord inf and 1, the largest sum of absolute values of a row and of a column; for 2, the
/// largest singular value. For -inf, -1 and -2, the smallest. @throws ValueError for another ord.
Tensor matrix_norm(Operand a, double ord, const std::vector<int>& dim = {-2, -1},
                   Flag keepdim = false);
/// The condition number: the largest singular value divided by the smallest; inf if A is singular.
/// @check linalg::cond(x); x [3, 2]
Tensor cond(Operand a);
/// The number of singular values above rtol times the largest, as int64. @grad none.
Tensor matrix_rank(Operand a, std::optional<double> rtol = {});

}  // namespace linalg

// Functions that PyTorch also has outside of torch.linalg.

inline Tensor inverse(Operand a) { return linalg::inv(a); }
inline Tensor det(Operand a) { return linalg::det(a); }
inline linalg::SignLogabsdet slogdet(Operand a) { return linalg::slogdet(a); }
/// log(det(A)): NaN if the determinant is negative, -inf if it is 0.
/// @check logdet(matmul(x, x.t()) + eye(3)); x [3, 3]
Tensor logdet(Operand a);
inline Tensor matrix_power(Operand a, std::int64_t n) { return linalg::matrix_power(a, n); }
inline Tensor matrix_exp(Operand a) { return linalg::matrix_exp(a); }
inline Tensor pinverse(Operand a) { return linalg::pinv(a); }
inline Tensor cholesky(Operand a, Flag upper = false) { return linalg::cholesky(a, upper); }
/// The solution X of L L^T X = B, for a Cholesky factor L; if upper, of L^T L X = B.
/// @check cholesky_solve(b, tril(l) + 3 * eye(3)); b [3, 2], l [3, 3]
Tensor cholesky_solve(Operand b, Operand l, Flag upper = false);

}  // namespace xgrad
