#include "kernels/rows.hpp"

#include <algorithm>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/add_rows.hpp"

namespace xgrad::detail {
namespace {

// Calls f(k) for each row.
template <class F>
void for_rows(const RowSizes& s, F f) {
  const std::int64_t grain = parallel_grain / std::max<std::int64_t>(1, s.inner);
  parallel_ranges(s.count, std::max<std::int64_t>(1, grain),
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t k = begin; k < end; ++k) f(k);
                  });
}

template <class T>
void gather(const RowSizes& s, const T* x, const std::int64_t* at, T* y) {
  if (s.inner == 1) return for_rows(s, [=](std::int64_t k) { y[k] = at[k] < 0 ? T(0) : x[at[k]]; });
  for_rows(s, [=, inner = s.inner](std::int64_t k) {
    if (at[k] < 0)
      std::fill_n(y + k * inner, inner, T(0));
    else
      std::copy_n(x + at[k] * inner, inner, y + k * inner);
  });
}

// 1 over how often each row's position comes.
template <class T>
ScratchVector<T> inverse_counts(const RowSizes& s, const std::int64_t* at) {
  ScratchVector<T> inverse(static_cast<std::size_t>(s.rows));
  ScratchVector<std::int64_t> counts(inverse.size());
  for (std::int64_t k = 0; k < s.count; ++k)
    if (at[k] >= 0) ++counts[static_cast<std::size_t>(at[k])];
  std::transform(counts.begin(), counts.end(), inverse.begin(),
                 [](std::int64_t n) { return static_cast<T>(1 / static_cast<double>(n)); });
  return inverse;
}

}  // namespace

void gather_rows(DType dtype, const RowSizes& s, const void* x, const std::int64_t* at, void* y) {
  dispatch(dtype, [&]<class T>() { gather(s, static_cast<const T*>(x), at, static_cast<T*>(y)); });
}

void scatter_rows(DType dtype, const RowSizes& s, const void* x, const std::int64_t* at, void* y) {
  dispatch(dtype, [&]<class T>() {
    const T* const from = static_cast<const T*>(x);
    T* const to = static_cast<T*>(y);
    for_rows(s, [=, inner = s.inner](std::int64_t k) {
      if (at[k] >= 0) std::copy_n(from + k * inner, inner, to + at[k] * inner);
    });
  });
}

void scatter_add_rows(DType dtype, const RowSizes& s, const void* x, const std::int64_t* at,
                      bool accumulate, void* y) {
  dispatch(dtype, [&]<class T>() {
    T* const to = static_cast<T*>(y);
    if (!accumulate) std::fill_n(to, s.rows * s.inner, T(0));
    add_rows(static_cast<const T*>(x), at, s.count, s.inner, to, s.rows);
  });
}

void scatter_mean_rows(DType dtype, const RowSizes& s, const void* x, const std::int64_t* at,
                       bool accumulate, void* y) {
  if (s.inner == 0) return;  // of however many rows
  dispatch_floating(dtype, [&]<class T>() {
    T* const to = static_cast<T*>(y);
    if (!accumulate) std::fill_n(to, s.rows * s.inner, T(0));
    const ScratchVector<T> inverse = inverse_counts<T>(s, at);
    add_rows(static_cast<const T*>(x), at, s.count, s.inner, to, s.rows,
             [&](std::int64_t row, T e) { return e * inverse[static_cast<std::size_t>(row)]; });
  });
}

void clear_rows(DType dtype, const RowSizes& s, const std::int64_t* at, void* y) {
  dispatch(dtype, [&]<class T>() {
    T* const to = static_cast<T*>(y);
    for_rows(s, [=, inner = s.inner](std::int64_t k) {
      if (at[k] >= 0) std::fill_n(to + at[k] * inner, inner, T(0));
    });
  });
}

}  // namespace xgrad::detail
