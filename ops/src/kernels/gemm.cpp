#include "kernels/gemm.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/gemv.hpp"

namespace xgrad::detail {
namespace {

constexpr std::int64_t small_volume = 8192;  // multiply-adds that a library call costs more than

// One row of C: the sum over p of A(i, p) times row p of B (k, n).
struct PlainRow {
  template <class Width, class T>
  static void run(const T* a, std::int64_t a_stride, const T* b, std::int64_t k, std::int64_t n,
                  const T* start, T* c) {
    using L = Lane<T, Width>;
    std::int64_t j = 0;
    for (; j + L::size <= n; j += L::size) {
      L sum = start != nullptr ? L::load(start + j) : L();
      for (std::int64_t p = 0; p < k; ++p) sum += L(a[p * a_stride]) * L::load(b + p * n + j);
      sum.store(c + j);
    }
    for (; j < n; ++j) {
      T sum = start != nullptr ? start[j] : T(0);
      for (std::int64_t p = 0; p < k; ++p)
        sum = wrapping_add(sum, wrapping_mul(a[p * a_stride], b[p * n + j]));
      c[j] = sum;
    }
  }
};

template <class T>
const T* as_rows(const GemmShape& s, const T* b, ScratchVector<T>& workspace) {
  if (!s.transpose_b || s.n == 1 || s.k == 1) return b;
  workspace.resize(static_cast<std::size_t>(s.k * s.n));
  for (std::int64_t j = 0; j < s.n; ++j)
    for (std::int64_t p = 0; p < s.k; ++p)
      workspace[static_cast<std::size_t>(p * s.n + j)] = b[j * s.k + p];
  return workspace.data();
}

}  // namespace

template <class T>
void gemm_plain(const GemmShape& s, const T* a, const T* b, const T* bias, bool accumulate, T* c) {
  thread_local ScratchVector<T> workspace;
  for (std::int64_t z = 0; z < s.batch; ++z, a += s.m * s.k, b += s.k * s.n) {
    const T* const rows = as_rows(s, b, workspace);
    for (std::int64_t i = 0; i < s.m; ++i, c += s.n)
      run_best<PlainRow, const T*, std::int64_t, const T*, std::int64_t, std::int64_t, const T*,
               T*>(s.transpose_a ? a + i : a + i * s.k, s.transpose_a ? s.m : 1, rows, s.k, s.n,
                   accumulate ? c : bias, c);
  }
}
template void gemm_plain(const GemmShape&, const float*, const float*, const float*, bool, float*);
template void gemm_plain(const GemmShape&, const double*, const double*, const double*, bool,
                         double*);
template void gemm_plain(const GemmShape&, const std::int64_t*, const std::int64_t*,
                         const std::int64_t*, bool, std::int64_t*);

namespace {

// BLAS counts in 32 bits.
void check_sizes(const GemmShape& s) {
  if (std::max({s.m, s.n, s.k}) > std::numeric_limits<int>::max())
    throw ShapeError(
        fmt::format("matrix product: the matrices are [{}, {}] and [{}, {}]; their sizes must be "
                    "at most 2^31 - 1",
                    s.m, s.k, s.k, s.n));
}

template <class T>
void gemm_of(const GemmShape& s, const T* a, const T* b, const T* bias, bool accumulate, T* c) {
  if (std::is_same_v<T, std::int64_t> || s.k == 0 || s.m * s.n * s.k <= small_volume)
    return gemm_plain(s, a, b, bias, accumulate, c);
  if constexpr (!std::is_same_v<T, std::int64_t>) {
    if (s.batch == 1 && (s.m == 1 || s.n == 1)) return gemv(s, a, b, bias, accumulate, c);
    if (s.batch == 1 && s.k == 1) return outer(s, a, b, bias, accumulate, c);
  }
  check_sizes(s);
#ifdef XGRAD_ONEDNN
  if constexpr (std::is_same_v<T, float>)
    if (gemm_onednn(s, a, b, bias, accumulate, c)) return;
#endif
  if constexpr (!std::is_same_v<T, std::int64_t>) return gemm_cblas(s, a, b, bias, accumulate, c);
}

}  // namespace

void gemm(DType dtype, const GemmShape& s, const void* a, const void* b, const void* bias,
          bool accumulate, void* c) {
  if (s.batch * s.m * s.n == 0) return;
  dispatch(dtype, [&]<class T>() {
    if constexpr (!std::is_same_v<T, bool>)
      gemm_of(s, static_cast<const T*>(a), static_cast<const T*>(b), static_cast<const T*>(bias),
              accumulate, static_cast<T*>(c));
  });
}

}  // namespace xgrad::detail
