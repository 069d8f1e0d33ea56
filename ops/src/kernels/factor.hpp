// factor.hpp: factorisations and systems of batches of matrices, by LAPACK.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

// Floating dtypes. Matrices are row-major, one after the other, with at least one row and column;
// what goes in is finite, if not said otherwise.

/// The first matrix of a batch that a routine cannot do, and what LAPACK says of it.
struct Failure {
  std::int64_t matrix = -1;
  int info = 0;
  explicit operator bool() const { return matrix >= 0; }
};

/// a (n, n) = l l^T, of whose a the lower triangle is read. Fails for what is not positive
/// definite.
Failure cholesky(DType dtype, std::int64_t batch, std::int64_t n, const void* a, void* l);
/// a (n, n) = v diag(w) v^T with w rising; reads the lower ('L') or upper ('U') triangle of a.
/// Where v is null, only w is computed.
Failure eigh(DType dtype, std::int64_t batch, std::int64_t n, char uplo, const void* a, void* w,
             void* v);
/// a (m, n) = u diag(s) vh with s falling. With k = min(m, n): u is (m, k) and vh (k, n), or both
/// are square (`full`). Where both are null, only s is computed.
Failure svd(DType dtype, std::int64_t batch, std::int64_t m, std::int64_t n, bool full,
            const void* a, void* u, void* s, void* vh);
/// a (m, n) = q r with q (m, k) and r (k, n), k >= min(m, n); the diagonal of r is not negative.
void qr(DType dtype, std::int64_t batch, std::int64_t m, std::int64_t n, std::int64_t k,
        const void* a, void* q, void* r);

/// x (n, k) with a x = b. Fails for a singular a: info is the row of its first pivot 0, from 1 on.
Failure solve(DType dtype, std::int64_t batch, std::int64_t n, std::int64_t k, const void* a,
              const void* b, void* x);
/// The same with a triangle of a, whose diagonal is read, or ones (`unit`). Elements may be
/// anything.
Failure solve_triangular(DType dtype, std::int64_t batch, std::int64_t n, std::int64_t k,
                         bool upper, bool unit, const void* a, const void* b, void* x);
/// The determinant of each matrix (n, n), its sign, and the logarithm of its size.
void determinants(DType dtype, std::int64_t batch, std::int64_t n, const void* a, void* sign,
                  void* logabs, void* value);

/// The first of n elements that is infinite or NaN; 0 if there is none.
double find_not_finite(DType dtype, std::int64_t n, const void* x);

}  // namespace xgrad::detail
