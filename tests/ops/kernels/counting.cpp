// Counts and places, against loops over elements.
#include "kernels/counting.hpp"

#include <algorithm>
#include <cmath>

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using test::Elements;

namespace {

// `kinds` different whole numbers, and NaN among them.
template <class T>
Elements<T> drawn(std::int64_t n, int kinds) {
  auto x = test::random_elements<T>(n, 1);
  if constexpr (!std::is_same_v<T, bool>)
    for (T& e : x) e = std::isfinite(static_cast<double>(e)) ? static_cast<T>(int(e) % kinds) : e;
  return x;
}

template <class T>
void check_uniques(const Elements<T>& x) {
  const std::int64_t n = x.size;
  Elements<std::int64_t> first(n), counts(n), inverse(n), again(n);
  const std::int64_t found = detail::unique_elements(dtype_of<T>, n, x.data(), first.data(),
                                                     counts.data(), inverse.data());
  CHECK(found ==
        detail::unique_elements(dtype_of<T>, n, x.data(), again.data(), counts.data(), nullptr));
  std::int64_t all = 0, wrong = 0;
  for (std::int64_t u = 0; u < found; ++u) {
    all += counts[u];
    wrong += again[u] != first[u];
    if (u > 0)
      wrong += test::comes_before(x[first[u]], x[first[u - 1]]) || x[first[u]] == x[first[u - 1]];
  }
  CHECK(all == n);
  Elements<std::int64_t> seen(n);
  for (std::int64_t k = 0; k < n; ++k) {
    const std::int64_t u = inverse[k];
    wrong += !(x[first[u]] == x[k] || (x[k] != x[k] && first[u] == k));
    if (seen[u]++ == 0) wrong += first[u] != k;
  }
  for (std::int64_t u = 0; u < found; ++u) wrong += seen[u] != counts[u];
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("different elements", "[ops][kernels]") {
  test::for_dtypes([]<class T>() {
    for (const std::int64_t n : test::odd_sizes)
      for (const int kinds : {1, 50, 1000}) check_uniques(drawn<T>(n, kinds));
  });
}

TEST_CASE("many different elements, and many NaN", "[ops][kernels]") {
  Elements<double> x(40000), nan(20000);
  for (std::int64_t k = 0; k < x.size; ++k) x[k] = static_cast<double>(k * 7919 % 39989) - 1000;
  for (double& e : nan) e = NAN;
  check_uniques(x);
  check_uniques(nan);
  Elements<std::int64_t> some(50000);
  for (std::int64_t k = 0; k < some.size; ++k) some[k] = (k * 7919 % 9973) << 40;
  check_uniques(some);
}

TEST_CASE("places in sorted rows", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for (const std::int64_t n : test::odd_sizes)
      for (const std::int64_t each : {1, 7, 8, 20, 5000}) {
        const std::int64_t count = each == 5000 ? each : 3 * each;
        auto rows = drawn<T>(n * (count / each), 50);
        const auto values = drawn<T>(count, 60);
        for (T& e : rows) e = e == e ? e : T(3);
        for (std::int64_t r = 0; r < count / each; ++r)
          std::sort(rows.data() + r * n, rows.data() + (r + 1) * n);
        for (const bool right : {false, true}) {
          Elements<std::int64_t> expected(count);
          for (std::int64_t k = 0; k < count; ++k)
            for (std::int64_t i = 0; i < n; ++i) {
              const T e = rows[k / each * n + i];
              expected[k] += right ? !(values[k] < e) : e < values[k];
            }
          test::for_thread_counts([&] {
            Elements<std::int64_t> at(count);
            detail::search_sorted(dtype_of<T>, n, each, right, rows.data(), count, values.data(),
                                  at.data());
            CHECK(at == expected);
          });
        }
      }
  });
}

TEST_CASE("counts of integers and their range", "[ops][kernels]") {
  for (const std::int64_t n : {1, 2, 3, 5, 16, 33, 1000, 9999})
    for (const std::int64_t bins : {1, 3, 50, 1024, 1025}) {
      const auto x = test::random_positions(n, bins, false, 3);
      Elements<std::int64_t> expected(bins), y(bins);
      for (const std::int64_t e : x) ++expected[e];
      detail::count_integers(n, x.data(), bins, y.data());
      CHECK(y == expected);
      x[n / 2] = -(std::int64_t{1} << 60);
      x[n / 3] = std::int64_t{1} << 60;
      const detail::IntegerRange range = detail::integer_range(n, x.data());
      CHECK(range.least == *std::min_element(x.begin(), x.end()));
      CHECK(range.most == *std::max_element(x.begin(), x.end()));
    }
}

TEST_CASE("counts in bins", "[ops][kernels]") {
  const double x[] = {0, 0.1, 0.25, 0.5, 0.99, 1, 1.1, -0.1, NAN, INFINITY};
  double counts[4] = {10, 0, 0, 0};
  detail::count_in_bins(0, 1, 10, x, 4, counts);
  CHECK((counts[0] == 12 && counts[1] == 1 && counts[2] == 1 && counts[3] == 2));
}
