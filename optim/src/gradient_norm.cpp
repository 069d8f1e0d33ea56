#include "gradient_norm.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/parallel.hpp>

namespace xgrad::optim::detail {
namespace {

using xgrad::detail::Lane;

constexpr std::int64_t piece = 16384;
constexpr std::int64_t block = 512;  // squares added in the element's type

template <class T>
double squares_in_double(const T* x, const T* end) {
  double sum = 0;
  for (; x < end; ++x) sum += static_cast<double>(*x) * static_cast<double>(*x);
  return sum;
}

// Squares of float32 numbers around 1e20 overflow, and those around 1e-20 lose their digits: a
// block whose sum is near either end is added up again.
bool in_range(double sum) { return sum >= 1e-28 && sum <= std::numeric_limits<float>::max(); }

struct SumOfSquares {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, double* total) {
    using L = Lane<T, Width>;
    double sum = 0;
    for (std::int64_t begin = 0; begin < n; begin += block) {
      const std::int64_t end = std::min(n, begin + block);
      L a, b;
      std::int64_t i = begin;
      for (; i + 2 * L::size <= end; i += 2 * L::size) {
        const L u = L::load(x + i), v = L::load(x + i + L::size);
        a += u * u;
        b += v * v;
      }
      const auto lanes = static_cast<double>((a + b).sum());
      sum += in_range(lanes) ? lanes : squares_in_double(x + begin, x + i);
      sum += squares_in_double(x + i, x + end);
    }
    *total = sum;
  }
};

template <class T>
double piece_norm(const T* x, std::int64_t n, double p, std::optional<double> bound) {
  double total = 0;
  if (p == 2 && !bound) {
    xgrad::detail::run_best<SumOfSquares, const T*, std::int64_t, double*>(x, n, &total);
    return total;
  }
  for (std::int64_t i = 0; i < n; ++i) {
    double size = std::abs(static_cast<double>(x[i]));
    if (bound && size > *bound) size = *bound;
    if (std::isinf(p))
      total = size > total || std::isnan(size) ? size : total;
    else
      total += p == 1 ? size : std::pow(size, p);
  }
  return total;
}

// Adds a tensor's part to the total: pieces side by side, then in order.
void add_norm(const Tensor& gradient, double p, std::optional<double> bound, double& total) {
  const std::int64_t n = gradient.numel();
  std::vector<double> parts(static_cast<std::size_t>((n + piece - 1) / piece));
  dispatch_floating(gradient.dtype(), [&]<class T>() {
    const T* const x = gradient.data<T>();
    xgrad::detail::parallel_ranges(n, piece, [&](std::int64_t begin, std::int64_t end) {
      if (begin < end)
        parts[static_cast<std::size_t>(begin / piece)] =
            piece_norm(x + begin, end - begin, p, bound);
    });
  });
  for (const double part : parts)
    total = std::isinf(p) ? (part > total || std::isnan(part) ? part : total) : total + part;
}

}  // namespace

double total_norm(const TensorList& parameters, double p, std::optional<double> bound) {
  double total = 0;
  for (const Tensor& parameter : parameters)
    if (const Tensor gradient = parameter.grad(); gradient.defined())
      add_norm(gradient, p, bound, total);
  if (std::isinf(p) || p == 1) return total;
  return p == 2 ? std::sqrt(total) : std::pow(total, 1 / p);
}

double clip_factor(double norm, double max_norm) {
  const double factor = max_norm / (norm + 1e-6);
  return factor < 1 || std::isnan(factor) ? factor : 1;
}

}  // namespace xgrad::optim::detail
