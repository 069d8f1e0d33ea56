#include "kernels/gemm.hpp"

#include <algorithm>

#include <cblas.h>

#include <xgrad/graph/parallel.hpp>

namespace xgrad::detail {
namespace {

// OpenBLAS goes parallel above 64^3 multiply-adds, and is not the same bits then; these blocks stay
// below.
constexpr std::int64_t tile = 32;
constexpr std::int64_t depth = 256;

void gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, const float* a, int lda,
          const float* b, int ldb, float beta, float* c, int ldc) {
  cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
}
void gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, const double* a, int lda,
          const double* b, int ldb, double beta, double* c, int ldc) {
  cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
}

// The tile of C at (i, j), over all of k.
template <class T>
void gemm_tile(const GemmShape& s, const T* a, const T* b, const T* bias, bool accumulate, T* c,
               std::int64_t i, std::int64_t j) {
  const auto m = static_cast<int>(std::min(tile, s.m - i));
  const auto n = static_cast<int>(std::min(tile, s.n - j));
  const auto lda = static_cast<int>(s.transpose_a ? s.m : s.k);
  const auto ldb = static_cast<int>(s.transpose_b ? s.k : s.n);
  T* const to = c + i * s.n + j;
  if (bias != nullptr)
    for (int row = 0; row < m; ++row) std::copy_n(bias + j, n, to + row * s.n);
  for (std::int64_t p = 0; p < s.k; p += depth)
    gemm(s.transpose_a ? CblasTrans : CblasNoTrans, s.transpose_b ? CblasTrans : CblasNoTrans, m, n,
         static_cast<int>(std::min(depth, s.k - p)),
         s.transpose_a ? a + p * s.m + i : a + i * s.k + p, lda,
         s.transpose_b ? b + j * s.k + p : b + p * s.n + j, ldb,
         p > 0 || accumulate || bias != nullptr ? T(1) : T(0), to, static_cast<int>(s.n));
}

}  // namespace

template <class T>
void gemm_cblas(const GemmShape& s, const T* a, const T* b, const T* bias, bool accumulate, T* c) {
  const std::int64_t across = (s.n + tile - 1) / tile, down = (s.m + tile - 1) / tile;
  const std::int64_t grain = std::max<std::int64_t>(1, 4 * parallel_grain / (tile * tile * s.k));
  parallel_ranges(s.batch * down * across, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t t = begin; t < end; ++t) {
      const std::int64_t z = t / (down * across), i = t / across % down * tile,
                         j = t % across * tile;
      gemm_tile(s, a + z * s.m * s.k, b + z * s.k * s.n, bias, accumulate, c + z * s.m * s.n, i, j);
    }
  });
}
template void gemm_cblas(const GemmShape&, const float*, const float*, const float*, bool, float*);
template void gemm_cblas(const GemmShape&, const double*, const double*, const double*, bool,
                         double*);

}  // namespace xgrad::detail
