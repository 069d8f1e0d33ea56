#include "vectors.hpp"

#include <cmath>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/isa.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/reduction.hpp>

namespace xgrad::optim::detail {
namespace {

// A library call where the instruction set has no fused multiply-add.
struct FusedAdd {
  template <class Width, class T>
  static void run(const T* y, T alpha, const T* x, T* out, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) out[i] = std::fma(alpha, x[i], y[i]);
  }
};

}  // namespace

double dot_of(const Tensor& a, const Tensor& b) { return sum(a * b).item<double>(); }

Tensor add_scaled(const Tensor& y, double alpha, const Tensor& x) {
  Tensor total = empty(y.shape(), {.dtype = y.dtype()});
  dispatch_floating(y.dtype(), [&]<class T>() {
    const T* const from = y.data<T>();
    const T* const added = x.data<T>();
    T* const to = xgrad::detail::raw<T>(total);
    xgrad::detail::parallel_ranges(
        y.numel(), xgrad::detail::parallel_grain, [&](std::int64_t begin, std::int64_t end) {
          xgrad::detail::run_best<FusedAdd, const T*, T, const T*, T*, std::int64_t>(
              from + begin, static_cast<T>(alpha), added + begin, to + begin, end - begin);
        });
  });
  return total;
}

}  // namespace xgrad::optim::detail
