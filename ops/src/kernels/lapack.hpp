// lapack.hpp: LAPACK's routines for both float types, and matrices in its order: columns first.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/transpose.hpp"

extern "C" {
void sgesv_(const int*, const int*, float*, const int*, int*, float*, const int*, int*);
void dgesv_(const int*, const int*, double*, const int*, int*, double*, const int*, int*);
void sgetrf_(const int*, const int*, float*, const int*, int*, int*);
void dgetrf_(const int*, const int*, double*, const int*, int*, int*);
void spotrf_(const char*, const int*, float*, const int*, int*);
void dpotrf_(const char*, const int*, double*, const int*, int*);
void strtrs_(const char*, const char*, const char*, const int*, const int*, const float*,
             const int*, float*, const int*, int*);
void dtrtrs_(const char*, const char*, const char*, const int*, const int*, const double*,
             const int*, double*, const int*, int*);
void ssyevd_(const char*, const char*, const int*, float*, const int*, float*, float*, const int*,
             int*, const int*, int*);
void dsyevd_(const char*, const char*, const int*, double*, const int*, double*, double*,
             const int*, int*, const int*, int*);
void sgesdd_(const char*, const int*, const int*, float*, const int*, float*, float*, const int*,
             float*, const int*, float*, const int*, int*, int*);
void dgesdd_(const char*, const int*, const int*, double*, const int*, double*, double*, const int*,
             double*, const int*, double*, const int*, int*, int*);
void sgeqrf_(const int*, const int*, float*, const int*, float*, float*, const int*, int*);
void dgeqrf_(const int*, const int*, double*, const int*, double*, double*, const int*, int*);
void sorgqr_(const int*, const int*, const int*, float*, const int*, const float*, float*,
             const int*, int*);
void dorgqr_(const int*, const int*, const int*, double*, const int*, const double*, double*,
             const int*, int*);
}

namespace xgrad::detail::lapack {

/// routine(args...) for the type of its matrices: `call<T>(sgesv_, dgesv_, ...)`.
template <class T, class Single, class Double, class... Args>
void call(Single single, Double twice, Args... args) {
  if constexpr (std::is_same_v<T, float>)
    single(args...);
  else
    twice(args...);
}

/// A matrix with its columns one after the other.
template <class T>
struct Columns {
  int rows, columns;
  ScratchVector<T> data;

  Columns(std::int64_t m, std::int64_t n)
      : rows(static_cast<int>(m)),
        columns(static_cast<int>(n)),
        data(static_cast<std::size_t>(std::max<std::int64_t>(1, m * n))) {}
  /// From rows one after the other.
  Columns(const T* from, std::int64_t m, std::int64_t n) : Columns(m, n) {
    transpose_matrix(from, m, n, get());
  }
  T& operator()(int i, int j) {
    return data[static_cast<std::size_t>(j) * static_cast<std::size_t>(rows) +
                static_cast<std::size_t>(i)];
  }
  T* get() { return data.data(); }
  int leading() const { return std::max(1, rows); }
  /// Into rows one after the other.
  void store(T* to) { transpose_matrix(data.data(), columns, rows, to); }
};

}  // namespace xgrad::detail::lapack
