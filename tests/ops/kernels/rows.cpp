// Rows at positions, against a loop over elements.
#include "kernels/rows.hpp"

#include <algorithm>
#include <numeric>

#include "ops/kernels/kernel_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::RowSizes;
using test::Elements;

namespace {

// Calls f(sizes) for counts and row lengths around those of lanes and of pieces for threads.
template <class F>
void for_sizes(F f) {
  for (const std::int64_t count : test::odd_sizes)
    for (const std::int64_t inner : {0, 1, 2, 3, 17}) f(RowSizes{count, 40, inner});
  f(RowSizes{5, 3, 40000});
  f(RowSizes{70000, 100, 1});
  f(RowSizes{7, 0, 2});
}

// Different positions, one after the other, with gaps.
Elements<std::int64_t> distinct_positions(const RowSizes& s) {
  Elements<std::int64_t> order(s.rows);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937(3));
  Elements<std::int64_t> at(s.count);
  for (std::int64_t k = 0; k < s.count; ++k) at[k] = k < s.rows && k % 3 != 2 ? order[k] : -1;
  return at;
}

// y[at[k], i] = f(y[at[k], i], x[k, i]), in order.
template <class T, class F>
void put(const RowSizes& s, const Elements<T>& x, const Elements<std::int64_t>& at,
         const Elements<T>& y, F f) {
  for (std::int64_t e = 0; e < s.count * s.inner; ++e)
    if (const std::int64_t row = at[e / s.inner]; row >= 0) {
      T& to = y[row * s.inner + e % s.inner];
      to = f(to, x[e]);
    }
}

}  // namespace

TEST_CASE("rows are gathered, zeros for position -1", "[ops][kernels]") {
  for_sizes([](const RowSizes& s) {
    test::for_dtypes([&]<class T>() {
      const auto x = test::random_elements<T>(s.rows * s.inner, 1);
      const auto at = test::random_positions(s.count, s.rows, true, 2);
      Elements<T> expected(s.count * s.inner);
      for (std::int64_t e = 0; e < expected.size; ++e)
        if (at[e / s.inner] >= 0) expected[e] = x[at[e / s.inner] * s.inner + e % s.inner];
      test::for_thread_counts([&] {
        auto y = test::random_elements<T>(expected.size, 3);
        detail::gather_rows(dtype_of<T>, s, x.data(), at.data(), y.data());
        CHECK(y == expected);
      });
    });
  });
}

TEST_CASE("rows are written and cleared, the others stay", "[ops][kernels]") {
  for_sizes([](const RowSizes& s) {
    const auto at = distinct_positions(s);
    test::for_dtypes([&]<class T>() {
      const auto x = test::random_elements<T>(s.count * s.inner, 1);
      const auto before = test::random_elements<T>(s.rows * s.inner, 2);
      Elements<T> written = before, cleared = before;
      put(s, x, at, written, [](T, T b) { return b; });
      put(s, x, at, cleared, [](T, T) { return T(0); });
      test::for_thread_counts([&] {
        Elements<T> y = before;
        detail::scatter_rows(dtype_of<T>, s, x.data(), at.data(), y.data());
        CHECK(y == written);
        y = before;
        detail::clear_rows(dtype_of<T>, s, at.data(), y.data());
        CHECK(y == cleared);
      });
    });
  });
}

TEST_CASE("rows are added in order, to zeros or to what is there", "[ops][kernels]") {
  for_sizes([](const RowSizes& s) {
    if (s.count > 1000) return;  // sums of many are rounded less, see below
    const auto at = test::random_positions(s.count, s.rows, true, 2);
    test::for_dtypes([&]<class T>() {
      const auto x = test::random_elements<T>(s.count * s.inner, 1);
      for (const bool accumulate : {false, true}) {
        const auto before = test::random_elements<T>(s.rows * s.inner, 3);
        Elements<T> expected = accumulate ? before : Elements<T>(before.size);
        put(s, x, at, expected, [](T a, T b) { return static_cast<T>(a + b); });
        Elements<T> y = before;
        detail::scatter_add_rows(dtype_of<T>, s, x.data(), at.data(), accumulate, y.data());
        CHECK(std::equal(y.begin(), y.end(), expected.begin(), [](T a, T b) {
          return a == b || (a != a && b != b);  // NaNs of any sign
        }));
      }
    });
  });
}

TEST_CASE("means of the rows at a position", "[ops][kernels]") {
  for_sizes([](const RowSizes& s) {
    if (s.count > 1000) return;
    const auto at = test::random_positions(s.count, s.rows, true, 2);
    const auto check = [&]<class T>() {
      const auto x = test::random_elements<T>(s.count * s.inner, 1);
      for (const bool accumulate : {false, true}) {
        const auto before = test::random_elements<T>(s.rows * s.inner, 3);
        Elements<T> expected = accumulate ? before : Elements<T>(before.size), shares = x;
        for (std::int64_t e = 0; e < x.size; ++e)
          shares[e] *= T(1) / static_cast<T>(std::count(at.begin(), at.end(), at[e / s.inner]));
        put(s, shares, at, expected, [](T a, T b) { return a + b; });
        Elements<T> y = before;
        detail::scatter_mean_rows(dtype_of<T>, s, x.data(), at.data(), accumulate, y.data());
        CHECK(std::equal(y.begin(), y.end(), expected.begin(), [](T a, T b) {
          return a == b || (a != a && b != b);  // NaNs of any sign
        }));
      }
    };
    check.operator()<float>();
    check.operator()<double>();
  });
  const std::int64_t none = 0;
  detail::scatter_mean_rows(float32, {0, std::int64_t{1} << 60, 0}, nullptr, &none, false, nullptr);
}

TEST_CASE("integers that are added wrap around", "[ops][kernels]") {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max(), x[] = {1}, at[] = {0};
  std::int64_t y[] = {most};
  detail::scatter_add_rows(int64, {1, 1, 1}, x, at, true, y);
  CHECK(y[0] == std::numeric_limits<std::int64_t>::min());
}

TEST_CASE("a row of float32 with many contributions is their sum in double", "[ops][kernels]") {
  const RowSizes s{3000, 2, 3};
  Elements<float> x(s.count * s.inner), y(s.rows * s.inner);
  for (std::int64_t e = 0; e < x.size; ++e) x[e] = 1 + static_cast<float>(e % 97) * 0x1p-12F;
  Elements<std::int64_t> at(s.count);
  for (std::int64_t k = 0; k < s.count; ++k) at[k] = k % 2;
  Elements<double> expected(y.size);
  for (std::int64_t e = 0; e < x.size; ++e)
    expected[at[e / s.inner] * s.inner + e % s.inner] += static_cast<double>(x[e]);
  detail::scatter_add_rows(float32, s, x.data(), at.data(), false, y.data());
  for (std::int64_t e = 0; e < y.size; ++e) CHECK(y[e] == static_cast<float>(expected[e]));
}
