// gemm.hpp: C = op(A) op(B), row-major, by the backend that suits type and size.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// `batch` products of (m, k) by (k, n). A transposed operand lies in memory as (k, m) or (n, k).
struct GemmShape {
  std::int64_t batch = 1;
  std::int64_t m = 0, n = 0, k = 0;
  bool transpose_a = false, transpose_b = false;
  friend bool operator==(const GemmShape&, const GemmShape&) = default;
};

/// C = op(A) op(B), plus `bias` (n elements, for each row) if it is not null, plus what C holds
/// already if `accumulate`. Not both. The same bits for any number of threads.
void gemm(DType dtype, const GemmShape& size, const void* a, const void* b, const void* bias,
          bool accumulate, void* c);

// The backends.

/// Plain loops in lanes: the reference, integers, and products too small for a library call.
template <class T>
void gemm_plain(const GemmShape& size, const T* a, const T* b, const T* bias, bool accumulate,
                T* c);
/// oneDNN's matmul primitive, kept by size. False if oneDNN cannot.
bool gemm_onednn(const GemmShape& size, const float* a, const float* b, const float* bias,
                 bool accumulate, float* c);
/// Serial CBLAS on blocks fixed by size, which our own threads share.
template <class T>
void gemm_cblas(const GemmShape& size, const T* a, const T* b, const T* bias, bool accumulate,
                T* c);

}  // namespace xgrad::detail
