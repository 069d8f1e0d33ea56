// row_center.hpp: the mean and the standard deviation of a row, for norms.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/lane_loops.hpp"

namespace xgrad::detail {

// The mean of a row, and the mean of the squared distances from it.
template <class T>
struct Moments {
  T mean, var;
};
struct MomentsOfRow {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, Moments<T>* m) {
    using L = Lane<T, Width>;
    const T count = static_cast<T>(n);
    m->mean = sum_lanes<L>(n, [&](std::int64_t i, int c) { return load<L>(x, i, c); }) / count;
    const L mean(m->mean);
    m->var = sum_lanes<L>(n,
                          [&](std::int64_t i, int c) {
                            const L distance = load<L>(x, i, c) - mean;
                            return distance * distance;
                          }) /
             count;
  }
};
// In double, for rows whose squares overflow or lose their digits near 0.
template <class T>
Moments<double> wide_moments(const T* x, std::int64_t n) {
  double sum = 0, squares = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]);
  const double mean = sum / static_cast<double>(n);
  for (std::int64_t i = 0; i < n; ++i)
    squares += (static_cast<double>(x[i]) - mean) * (static_cast<double>(x[i]) - mean);
  return {mean, squares / static_cast<double>(n)};
}

/// xhat = (x - mean) * scale
template <class T>
struct Center {
  T mean, scale;
};
/// The mean of a row of n elements, and 1 / sqrt(var + eps).
template <class T>
Center<T> center_of(const T* x, std::int64_t n, double eps) {
  Moments<T> m;
  run_best<MomentsOfRow, const T*, std::int64_t, Moments<T>*>(x, n, &m);
  const double var = static_cast<double>(m.var) + eps;
  if (var > 1e-28 && var < 1e28) return {m.mean, static_cast<T>(1 / std::sqrt(var))};
  const Moments<double> wide = wide_moments(x, n);
  return {static_cast<T>(wide.mean), static_cast<T>(1 / std::sqrt(wide.var + eps))};
}

}  // namespace xgrad::detail
