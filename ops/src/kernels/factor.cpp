#include "kernels/factor.hpp"

#include <algorithm>
#include <cmath>

#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/lapack.hpp"

namespace xgrad::detail {
namespace {

using lapack::Columns;

// Work space of the size that a routine asks for: ask(work, its size) is called twice.
template <class T, class Ask>
void with_workspace(Ask ask) {
  T wish = 0;
  int query = -1;
  ask(&wish, &query);
  int size = std::max(1, static_cast<int>(wish));
  ScratchVector<T> work(static_cast<std::size_t>(size));
  ask(work.data(), &size);
}

// f(T, matrix) for each of a batch, up to the first that gives an info other than 0.
template <class F>
Failure for_each_matrix(DType dtype, std::int64_t batch, F f) {
  Failure failure;
  dispatch_floating(dtype, [&]<class T>() {
    for (std::int64_t i = 0; i < batch && !failure; ++i)
      if (const int info = f.template operator()<T>(i); info != 0) failure = {i, info};
  });
  return failure;
}

template <class T>
const T* matrix(const void* all, std::int64_t i, std::int64_t elements) {
  return static_cast<const T*>(all) + i * elements;
}
template <class T>
T* matrix(void* all, std::int64_t i, std::int64_t elements) {
  return static_cast<T*>(all) + i * elements;
}

// What Householder's reflections of a matrix leave in its upper triangle.
template <class T>
void copy_r(Columns<T>& reflected, int reflections, Columns<T>& r) {
  for (int col = 0; col < r.columns; ++col)
    for (int row = 0; row <= std::min(col, r.rows - 1); ++row)
      r(row, col) = row < reflections ? reflected(row, col) : T(0);
}
template <class T>
void make_diagonal_positive(int reflections, Columns<T>& q, Columns<T>& r) {
  for (int p = 0; p < reflections; ++p) {
    if (!(r(p, p) < 0)) continue;
    for (int col = 0; col < r.columns; ++col) r(p, col) = -r(p, col);
    for (int row = 0; row < q.rows; ++row) q(row, p) = -q(row, p);
  }
}

template <class T>
void qr_of_one(const T* a, Columns<T>& q, Columns<T>& r) {
  Columns<T> c(a, q.rows, r.columns);
  const int reflections = std::min(c.rows, c.columns);
  ScratchVector<T> tau(static_cast<std::size_t>(reflections));
  int info = 0;
  with_workspace<T>([&](T* work, const int* size) {
    lapack::call<T>(sgeqrf_, dgeqrf_, &c.rows, &c.columns, c.get(), &c.rows, tau.data(), work, size,
                    &info);
  });
  copy_r(c, reflections, r);
  for (int col = 0; col < reflections; ++col)
    for (int row = 0; row < c.rows; ++row) q(row, col) = c(row, col);
  with_workspace<T>([&](T* work, const int* size) {
    lapack::call<T>(sorgqr_, dorgqr_, &q.rows, &q.columns, &reflections, q.get(), &q.rows,
                    tau.data(), work, size, &info);
  });
  make_diagonal_positive(reflections, q, r);
}

template <class T>
T sign_of(T x) {
  if (x == 0) return 0;
  return x < 0 ? T(-1) : x > 0 ? T(1) : x;
}

}  // namespace

Failure cholesky(DType dtype, std::int64_t batch, std::int64_t n, const void* a, void* l) {
  return for_each_matrix(dtype, batch, [&]<class T>(std::int64_t i) {
    Columns<T> m(matrix<T>(a, i, n * n), n, n);
    int info = 0;
    lapack::call<T>(spotrf_, dpotrf_, "L", &m.rows, m.get(), &m.rows, &info);
    for (int c = 0; c < m.columns; ++c)
      for (int r = 0; r < c; ++r) m(r, c) = 0;
    m.store(matrix<T>(l, i, n * n));
    return info;
  });
}

Failure eigh(DType dtype, std::int64_t batch, std::int64_t n, char uplo, const void* a, void* w,
             void* v) {
  return for_each_matrix(dtype, batch, [&]<class T>(std::int64_t i) {
    Columns<T> m(matrix<T>(a, i, n * n), n, n);
    ScratchVector<int> integers(static_cast<std::size_t>(5 * n + 3));
    const int count = static_cast<int>(integers.size());
    int info = 0;
    with_workspace<T>([&](T* work, const int* size) {
      lapack::call<T>(ssyevd_, dsyevd_, v != nullptr ? "V" : "N", &uplo, &m.rows, m.get(), &m.rows,
                      matrix<T>(w, i, n), work, size, integers.data(), &count, &info);
    });
    if (v != nullptr) m.store(matrix<T>(v, i, n * n));
    return info;
  });
}

Failure svd(DType dtype, std::int64_t batch, std::int64_t m, std::int64_t n, bool full,
            const void* a, void* u, void* s, void* vh) {
  const std::int64_t k = std::min(m, n), columns = full ? m : k, rows = full ? n : k;
  const char* const job = u == nullptr ? "N" : full ? "A" : "S";
  return for_each_matrix(dtype, batch, [&]<class T>(std::int64_t i) {
    Columns<T> from(matrix<T>(a, i, m * n), m, n), left(m, columns), right(rows, n);
    ScratchVector<int> integers(static_cast<std::size_t>(8 * k));
    int info = 0;
    with_workspace<T>([&](T* work, const int* size) {
      lapack::call<T>(sgesdd_, dgesdd_, job, &from.rows, &from.columns, from.get(), &from.rows,
                      matrix<T>(s, i, k), left.get(), &left.rows, right.get(), &right.rows, work,
                      size, integers.data(), &info);
    });
    if (u != nullptr) left.store(matrix<T>(u, i, m * columns));
    if (vh != nullptr) right.store(matrix<T>(vh, i, rows * n));
    return info;
  });
}

void qr(DType dtype, std::int64_t batch, std::int64_t m, std::int64_t n, std::int64_t k,
        const void* a, void* q, void* r) {
  for_each_matrix(dtype, batch, [&]<class T>(std::int64_t i) {
    Columns<T> left(m, k), right(k, n);
    qr_of_one(matrix<T>(a, i, m * n), left, right);
    left.store(matrix<T>(q, i, m * k));
    right.store(matrix<T>(r, i, k * n));
    return 0;
  });
}

Failure solve(DType dtype, std::int64_t batch, std::int64_t n, std::int64_t k, const void* a,
              const void* b, void* x) {
  return for_each_matrix(dtype, batch, [&]<class T>(std::int64_t i) {
    Columns<T> m(matrix<T>(a, i, n * n), n, n), sides(matrix<T>(b, i, n * k), n, k);
    ScratchVector<int> pivots(static_cast<std::size_t>(n) + 1);
    int info = 0;
    const int leading = m.leading();
    lapack::call<T>(sgesv_, dgesv_, &m.rows, &sides.columns, m.get(), &leading, pivots.data(),
                    sides.get(), &leading, &info);
    sides.store(matrix<T>(x, i, n * k));
    return info;
  });
}

Failure solve_triangular(DType dtype, std::int64_t batch, std::int64_t n, std::int64_t k,
                         bool upper, bool unit, const void* a, const void* b, void* x) {
  return for_each_matrix(dtype, batch, [&]<class T>(std::int64_t i) {
    Columns<T> m(matrix<T>(a, i, n * n), n, n), sides(matrix<T>(b, i, n * k), n, k);
    int info = 0;
    const int leading = m.leading();
    lapack::call<T>(strtrs_, dtrtrs_, upper ? "U" : "L", "N", unit ? "U" : "N", &m.rows,
                    &sides.columns, m.get(), &leading, sides.get(), &leading, &info);
    sides.store(matrix<T>(x, i, n * k));
    return info;
  });
}

// From the diagonal of U in P A = L U.
void determinants(DType dtype, std::int64_t batch, std::int64_t n, const void* a, void* sign,
                  void* logabs, void* value) {
  for_each_matrix(dtype, batch, [&]<class T>(std::int64_t i) {
    Columns<T> m(matrix<T>(a, i, n * n), n, n);
    ScratchVector<int> pivots(static_cast<std::size_t>(n));
    int info = 0;
    lapack::call<T>(sgetrf_, dgetrf_, &m.rows, &m.columns, m.get(), &m.rows, pivots.data(), &info);
    T s = 1, log = 0, product = 1;
    for (int k = 0; k < m.rows; ++k) {
      const T u = m(k, k), swap = T(pivots[static_cast<std::size_t>(k)] == k + 1 ? 1 : -1);
      s *= sign_of(u) * swap;
      log += std::log(std::abs(u));
      product *= u * swap;
    }
    *matrix<T>(sign, i, 1) = s;
    *matrix<T>(logabs, i, 1) = log;
    *matrix<T>(value, i, 1) = product;
    return 0;  // a pivot of 0 is no failure here
  });
}

double find_not_finite(DType dtype, std::int64_t n, const void* x) {
  return dispatch_floating(dtype, [&]<class T>() -> double {
    const T* const all = static_cast<const T*>(x);
    const T* const bad = std::find_if(all, all + n, [](T e) { return !std::isfinite(e); });
    return bad == all + n ? 0 : static_cast<double>(*bad);
  });
}

}  // namespace xgrad::detail
