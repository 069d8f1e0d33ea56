// linalg.hpp: factorisations, solvers and norms of matrices, by LAPACK.
//
// Matrices are the last two axes, those before are batches, which broadcast where there are two
// operands. float32 or float64. @throws DTypeError for others; ShapeError for what is no matrix, or
// not square where it has to be; ValueError for a matrix that is singular, not positive definite,
// or not finite, where a result needs it.
//
// All gradients are made of ops and have any order, where the result is smooth: singular or
// eigenvalues that coincide have none for their vectors.
#pragma once

#include <string>
#include <string_view>

#include <xgrad/ops/products.hpp>

namespace xgrad {
namespace linalg {

using xgrad::cross;

// Solving.

/// A^-1. @grad dA = -y^T dy y^T; reads y.
/// @check linalg::inv(x + 3 * eye(3)); x [3, 3]; x [2, 3, 3]
Tensor inv(Operand a);
/// X in A X = B; B is (..., n, k), or a batch of vectors (..., n), one for each matrix.
/// @grad dB = A^-T dX, dA = -dB X^T; reads A and X.
/// @check linalg::solve(a + 3 * eye(3), b); a [3, 3], b [3]; a [3, 3], b [2, 3, 2]
Tensor solve(Operand a, Operand b);
struct TriangularOptions {
  bool left = true;            ///< A X = B, not X A = B
  bool unitriangular = false;  ///< the diagonal counts as ones, and is not looked at
};
/// The same where A is an upper or lower triangle; the rest of it is not looked at.
/// @check linalg::solve_triangular(a + 3 * eye(3), b, true); a [3, 3], b [3, 2]
Tensor solve_triangular(Operand a, Operand b, Flag upper, const TriangularOptions& options = {});
/// The X for which |A X - B| is least, A being of full rank; through qr. @grad made of ops.
/// @check linalg::lstsq(a, b); a [4, 2], b [4]
Tensor lstsq(Operand a, Operand b);
/// The Moore-Penrose inverse; singular values below rtol times the largest count as 0, rtol being
/// max(m, n) times the type's precision if not given. @grad of constant rank (Golub and Pereyra,
/// 1973); reads A and y.
/// @check linalg::pinv(x); x [3, 2]; x [2, 2, 3]
Tensor pinv(Operand a, std::optional<double> rtol = {});

// Determinants.

/// @grad dA = dy y A^-T; through svd for singular matrices. Reads A and y.
/// @check linalg::det(x); x [3, 3]; x [2, 2, 2]
Tensor det(Operand a);
struct SignLogabsdet {
  Tensor sign, logabsdet;
};
/// The determinant's sign and the logarithm of its size, 0 and -inf if it is 0.
/// @grad dA = dlogabsdet A^-T; reads A.
/// @check linalg::slogdet(x).logabsdet; x [3, 3]
SignLogabsdet slogdet(Operand a);

// Factorisations.

/// L in A = L L^T for a symmetric, positive definite A, of which the lower triangle is read; with
/// upper, U in A = U^T U, from the upper triangle. @grad symmetric; reads L.
/// @check linalg::cholesky(matmul(x, x.t()) + eye(3)); x [3, 3]
Tensor cholesky(Operand a, Flag upper = false);
struct Eigh {
  Tensor eigenvalues;   ///< (..., n), rising
  Tensor eigenvectors;  ///< (..., n, n), columns; their signs are free
};
/// A = V diag(w) V^T for a symmetric A, of which one triangle is read.
/// @grad dA = V (diag(dw) + (V^T dV) / (w_j - w_i)) V^T; reads w and V.
/// @check linalg::eigh(x + x.t()).eigenvalues; x [3, 3]
/// @check square(linalg::eigh(x + x.t()).eigenvectors); x [3, 3]
Eigh eigh(Operand a, char uplo = 'L');
/// @check linalg::eigvalsh(x + x.t()); x [3, 3]
Tensor eigvalsh(Operand a, char uplo = 'L');
struct Svd {
  Tensor U;   ///< (..., m, k), k the smaller of m and n; (..., m, m) if full
  Tensor S;   ///< (..., k), falling
  Tensor Vh;  ///< (..., k, n); (..., n, n) if full
};
/// A = U diag(S) Vh; signs of the vectors are free. @throws GraphError for the gradient of U or Vh
/// with full_matrices, unless A is square. @grad reads U, S and Vh.
/// @check linalg::svd(x, false).S; x [3, 2]
/// @check square(linalg::svd(x, false).U); x [3, 2]; x [2, 3]
/// @check square(linalg::svd(x, false).Vh); x [3, 2]; x [2, 3]
Svd svd(Operand a, Flag full_matrices = true);
/// @check linalg::svdvals(x); x [2, 3]
Tensor svdvals(Operand a);
struct Qr {
  Tensor Q;  ///< (..., m, k), or (..., m, m) for "complete"
  Tensor R;  ///< (..., k, n), or (..., m, n)
};
/// A = Q R, R an upper triangle whose diagonal is not negative (unlike PyTorch's, so that it is
/// unique); mode "reduced" or "complete". @throws GraphError for the gradient of "complete" where
/// m > n. @grad reads Q and R.
/// @check linalg::qr(x).Q; x [3, 2]; x [2, 3]
/// @check linalg::qr(x).R; x [3, 2]; x [2, 3]
Qr qr(Operand a, std::string_view mode = "reduced");

// Functions of matrices.

/// A A ... A, n times; of the inverse if n is negative. @grad made of ops.
/// @check linalg::matrix_power(x, 3); x [2, 2]
/// @check linalg::matrix_power(x + 3 * eye(2), -2); x [2, 2]
Tensor matrix_power(Operand a, std::int64_t n);
/// e^A, by scaling and squaring (Higham, 2005). @grad as a block of e^[A^T, dy; 0, A^T].
/// @check linalg::matrix_exp(x); x [2, 2]
Tensor matrix_exp(Operand a);
/// The product of matrices in the order that costs least; the first and last may be vectors.
/// @check linalg::multi_dot({a, b, c}); a [3], b [3, 2], c [2, 4]
Tensor multi_dot(const TensorList& tensors, Site site = {__builtin_FILE(), __builtin_LINE()});

// Norms and conditions.

/// sum(|x|^ord)^(1/ord) over axes; the largest for inf, the smallest for -inf, for 0 how many are
/// not 0. @grad 0 at the zero vector; reads x and y.
/// @check linalg::vector_norm(x, 3, 1); x [3, 4]
/// @check linalg::vector_norm(x); x [5]
Tensor vector_norm(Operand x, double ord = 2, const Dims& dim = {}, Flag keepdim = false);
/// "fro" (of all elements) or "nuc" (the sum of singular values).
/// @check linalg::matrix_norm(x, "nuc"); x [3, 2]
/// @check linalg::matrix_norm(x, 1.0); x [2, 3]
Tensor matrix_norm(Operand a, std::string_view ord = "fro", const std::vector<int>& dim = {-2, -1},
                   Flag keepdim = false);
/// inf and 1 (rows' and columns' largest sums of sizes), 2 (the largest singular value); negative
/// ones the smallest. @throws ValueError for other numbers.
Tensor matrix_norm(Operand a, double ord, const std::vector<int>& dim = {-2, -1},
                   Flag keepdim = false);
/// The largest singular value over the smallest; inf for singular matrices.
/// @check linalg::cond(x); x [3, 2]
Tensor cond(Operand a);
/// How many singular values lie above rtol times the largest. int64. @grad none.
Tensor matrix_rank(Operand a, std::optional<double> rtol = {});

}  // namespace linalg

// The names that PyTorch has outside of linalg too.

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
/// X in L L^T X = B, from a Cholesky factor.
/// @check cholesky_solve(b, tril(l) + 3 * eye(3)); b [3, 2], l [3, 3]
Tensor cholesky_solve(Operand b, Operand l, Flag upper = false);

}  // namespace xgrad
