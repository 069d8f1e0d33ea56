#include "kernels/reduce.hpp"

#include <algorithm>
#include <type_traits>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/wrapping.hpp>

namespace xgrad::detail {
namespace {

// Calls f(line) for each of them, of a size that makes a thread worth it.
template <class F>
void for_lines(const AxisSplit& lines, F f) {
  const std::int64_t grain =
      std::max<std::int64_t>(1, parallel_grain / std::max<std::int64_t>(1, lines.size));
  parallel_ranges(lines.lines(), grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) f(k);
  });
}

}  // namespace

void reduce_to_product(DType dtype, const AxisSplit& s, const void* x, void* y) {
  dispatch(dtype, [&]<class T>() {
    if constexpr (!std::is_same_v<T, bool>)
      for (std::int64_t o = 0; o < s.outer; ++o) {
        const T* row = static_cast<const T*>(x) + o * s.size * s.inner;
        T* const to = static_cast<T*>(y) + o * s.inner;
        std::fill_n(to, s.inner, T(1));
        for (std::int64_t i = 0; i < s.size; ++i, row += s.inner)
          for (std::int64_t j = 0; j < s.inner; ++j) to[j] = wrapping_mul(to[j], row[j]);
      }
  });
}

// Of those before, on the way there, of those behind, on the way back.
void product_gradient(DType dtype, const AxisSplit& s, const void* x, const void* dy, void* dx) {
  dispatch_floating(dtype, [&]<class T>() {
    for_lines(s, [&](std::int64_t k) {
      const T* const from = static_cast<const T*>(x) + s.start_of(k);
      T* const to = static_cast<T*>(dx) + s.start_of(k);
      T product = static_cast<const T*>(dy)[k];
      for (std::int64_t i = 0; i < s.size; ++i) {
        to[i * s.inner] = product;
        product *= from[i * s.inner];
      }
      product = 1;
      for (std::int64_t i = s.size; i-- > 0;) {
        to[i * s.inner] *= product;
        product *= from[i * s.inner];
      }
    });
  });
}

void divide_by(DType dtype, double divisor, std::int64_t n, void* y) {
  dispatch_floating(dtype, [&]<class T>() {
    T* const to = static_cast<T*>(y);
    const T by = static_cast<T>(divisor);
    for (std::int64_t i = 0; i < n; ++i) to[i] /= by;
  });
}

}  // namespace xgrad::detail
