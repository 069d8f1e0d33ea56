// line_cases.hpp: arrays of lines that kernels are tried with, and one line at a time of them.
#pragma once

#include <cmath>
#include <vector>

#include "kernels/axis_split.hpp"
#include "ops/kernels/kernel_cases.hpp"

namespace xgrad::test {

/// Calls f(lines) for lines of odd sizes, beside and behind one another; long enough for threads
/// too.
template <class F>
void for_line_shapes(F f, std::int64_t least = 0) {
  using detail::AxisSplit;
  for (const std::int64_t n : odd_sizes)
    if (n >= least) {
      f(AxisSplit{1, n, 1});
      f(AxisSplit{5, n, 1});
      f(AxisSplit{3, n, 7});
    }
  for (const std::int64_t n : {10, 16, 27, 32})
    if (n >= least) f(AxisSplit{37, n, 1});  // groups of short lines, and a part of one
  f(AxisSplit{300, 130, 1});
  f(AxisSplit{40, 9, 130});
  f(AxisSplit{2, 21, 1300});
  f(AxisSplit{0, 4, 3});
  f(AxisSplit{4, 3, 0});
}

/// Random numbers of a size near 1, all finite.
template <class T>
Elements<T> moderate_elements(std::int64_t n, unsigned seed) {
  auto x = random_elements<T>(n, seed);
  for (T& e : x) e = std::isfinite(e) ? e / 500 : T(1);
  return x;
}

/// The order of sorting: NaN comes last.
template <class T>
bool comes_before(T a, T b) {
  return a < b || (b != b && a == a);
}

/// The elements of line k.
template <class T>
std::vector<T> line_of(const detail::AxisSplit& s, const Elements<T>& x, std::int64_t k) {
  std::vector<T> line;
  for (std::int64_t i = 0; i < s.size; ++i) line.push_back(x[s.start_of(k) + i * s.inner]);
  return line;
}
template <class T>
void set_line(const detail::AxisSplit& s, const Elements<T>& y, std::int64_t k,
              const std::vector<T>& line) {
  for (std::int64_t i = 0; i < s.size; ++i)
    y[s.start_of(k) + i * s.inner] = line[static_cast<std::size_t>(i)];
}

/// Elements that differ by a part of 1 + |b| at most; NaN equals NaN, inf itself.
template <class T>
bool close(const Elements<T>& a, const Elements<T>& b, double part) {
  for (std::int64_t i = 0; i < a.size; ++i) {
    const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    if (std::isnan(x) || std::isnan(y)) {
      if (std::isnan(x) != std::isnan(y)) return false;
    } else if (x != y && !(std::abs(x - y) <= part * (1 + std::abs(y)))) {
      return false;
    }
  }
  return a.size == b.size;
}
template <class T>
double rounding() {
  return 16 * static_cast<double>(std::numeric_limits<T>::epsilon());
}

/// Calls f.operator()<T>() for the types of floating-point elements, or for all but bool.
template <class F>
void for_floats(F f) {
  for (const DType d : {float32, float64}) dispatch_floating(d, f);
}
template <class F>
void for_numbers(F f) {
  f.template operator()<std::int64_t>();
  for_floats(f);
}

}  // namespace xgrad::test
