#include "kernels/draw.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <xgrad/graph/scratch_vector.hpp>

namespace xgrad::detail {
namespace {

// In double: means beyond int64 are means, too.
double poisson_number(double mean, RandomStream random) {
  const auto uniform = [&] { return random.uniform(random.state); };
  if (mean < 30) {  // multiply until below e^-mean
    const double least = std::exp(-mean);
    double k = 0;
    for (double p = uniform(); p > least; p *= uniform()) ++k;
    return k;
  }
  // Rejection from a transformed uniform one.
  const double b = 0.931 + 2.53 * std::sqrt(mean), a = -0.059 + 0.02483 * b;
  const double alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = uniform() - 0.5, v = uniform(), us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    int sign = 0;
    if (std::log(v * alpha / (a / (us * us) + b)) <=
        -mean + k * std::log(mean) - ::lgamma_r(k + 1, &sign))
      return k;
  }
}

double total(const ScratchVector<double>& weights) {
  return std::accumulate(weights.begin(), weights.end(), 0.0);
}

// The first position at which the running total of the weights exceeds `target`; the last one that
// has a weight if rounding leaves none.
std::size_t position_at(const ScratchVector<double>& weights, double target) {
  for (std::size_t i = 0; i < weights.size(); ++i)
    if ((target -= weights[i]) < 0) return i;
  std::size_t last = weights.size() - 1;
  while (!(weights[last] > 0)) --last;
  return last;
}

}  // namespace

void draw_poisson(DType dtype, std::int64_t count, const void* means, RandomStream random,
                  void* y) {
  dispatch_floating(dtype, [&]<class T>() {
    const T* const mean = static_cast<const T*>(means);
    std::transform(mean, mean + count, static_cast<T*>(y), [&](T m) {
      return static_cast<T>(poisson_number(static_cast<double>(m), random));
    });
  });
}

void draw_permutation(std::int64_t n, RandomStream random, std::int64_t* y) {
  std::iota(y, y + n, std::int64_t{0});
  for (std::int64_t i = n; i > 1; --i)
    std::swap(y[i - 1], y[random.below(random.state, static_cast<std::uint64_t>(i))]);
}

std::optional<std::int64_t> too_few_weights(DType dtype, const WeightRows& size,
                                            const void* weights, std::int64_t least) {
  return dispatch_floating(dtype, [&]<class T>() -> std::optional<std::int64_t> {
    const T* row = static_cast<const T*>(weights);
    for (std::int64_t r = 0; r < size.rows; ++r, row += size.size) {
      const std::int64_t usable = std::count_if(row, row + size.size, [](T w) { return w > 0; });
      if (usable < least) return usable;
    }
    return std::nullopt;
  });
}

void draw_positions(DType dtype, const WeightRows& size, std::int64_t draws, bool replacement,
                    const void* weights, RandomStream random, std::int64_t* y) {
  dispatch_floating(dtype, [&]<class T>() {
    const T* row = static_cast<const T*>(weights);
    for (std::int64_t r = 0; r < size.rows; ++r, row += size.size) {
      ScratchVector<double> left(row, row + size.size);
      double all = 0;
      for (std::int64_t k = 0; k < draws; ++k) {
        if (k == 0 || !replacement) all = total(left);
        const std::size_t i = position_at(left, random.uniform(random.state) * all);
        *y++ = static_cast<std::int64_t>(i);
        if (!replacement) left[i] = 0;
      }
    }
  });
}

}  // namespace xgrad::detail
