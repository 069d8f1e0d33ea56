// Elements in and out of a range.
#include "kernels/bounds.hpp"

#include <cmath>

#include "ops/kernels/kernel_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using test::Elements;

TEST_CASE("the first element outside of a range is found", "[ops][kernels]") {
  for (const std::int64_t n : {1, 2, 3, 9, 33, 1000, 70000})
    for (const std::int64_t bad : {std::int64_t{0}, n / 2, n - 1})
      test::for_thread_counts([&] {
        Elements<float> x(n);
        Elements<std::int64_t> k(n);
        CHECK_FALSE(detail::first_outside(float32, n, x.data(), 0.0, 1.0));
        CHECK_FALSE(detail::first_outside<std::int64_t>(int64, n, k.data(), -2, 0));
        for (std::int64_t i = bad; i < n; ++i)
          x[i] = 1.5F + static_cast<float>(i - bad), k[i] = -3 - (i - bad);
        CHECK(detail::first_outside(float32, n, x.data(), 0.0, 1.0) == 1.5);
        CHECK(detail::first_outside<std::int64_t>(int64, n, k.data(), -2, 0) == -3);
      });
}

TEST_CASE("ranges include their ends, NaN is outside", "[ops][kernels]") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const double x[] = {0, -0.0, 1, inf, -1, NAN};
  CHECK_FALSE(detail::first_outside(float64, 0, x, 0.0, inf));
  CHECK_FALSE(detail::first_outside(float64, 4, x, 0.0, inf));
  CHECK(detail::first_outside(float64, 6, x, 0.0, 1.0) == inf);
  CHECK(detail::first_outside(float64, 6, x, 0.0, inf) == -1);
  CHECK(std::isnan(*detail::first_outside(float64, 6, x, -inf, inf)));
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const std::int64_t k[] = {most, -most - 1};
  CHECK_FALSE(detail::first_outside<std::int64_t>(int64, 1, k, 0, most));
  CHECK(detail::first_outside<std::int64_t>(int64, 2, k, 0, most) == -most - 1);
  const bool b[] = {false, true};
  CHECK(detail::first_outside<std::int64_t>(bool_, 2, b, 0, 0) == 1);
}

TEST_CASE("zeros and the largest integer are found", "[ops][kernels]") {
  test::for_dtypes([]<class T>() {
    for (const std::int64_t n : test::odd_sizes) {
      Elements<T> x(n);
      std::fill(x.begin(), x.end(), T(1));
      CHECK_FALSE(detail::has_zero(dtype_of<T>, n, x.data()));
      if (n == 0) continue;
      x[n - 1] = T(0);
      CHECK(detail::has_zero(dtype_of<T>, n, x.data()));
    }
  });
  const std::int64_t k[] = {-5, -9, 7, 3};
  CHECK(detail::largest_integer(int64, 2, k) == 0);
  CHECK(detail::largest_integer(int64, 4, k) == 7);
  const bool b[] = {false, true};
  CHECK(detail::largest_integer(bool_, 1, b) == 0);
  CHECK(detail::largest_integer(bool_, 2, b) == 1);
}
