// Elements at positions along lines, against loops over elements.
#include "kernels/along_lines.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::AxisSplit;
using test::Elements;

namespace {

// Calls f(lines, count) for lines of odd sizes and as many positions, fewer and more.
template <class F>
void for_cases(F f) {
  test::for_line_shapes([&](const AxisSplit& s) {
    for (const std::int64_t count : {std::int64_t{0}, s.size / 2, s.size, s.size + 3}) f(s, count);
  });
  f(AxisSplit{2, 700, 1}, std::int64_t{2500});
}

// The element of a block of lines that the position `k` of all means.
std::int64_t element_of(const AxisSplit& s, std::int64_t count, const Elements<std::int64_t>& at,
                        std::int64_t k) {
  return (k / (count * s.inner) * s.size + at[k]) * s.inner + k % s.inner;
}
Elements<std::int64_t> positions(const AxisSplit& s, std::int64_t count) {
  return test::random_positions(s.size == 0 ? 0 : s.outer * count * s.inner, s.size, false, 5);
}

}  // namespace

TEST_CASE("elements at positions along lines", "[ops][kernels]") {
  for_cases([](const AxisSplit& s, std::int64_t count) {
    const auto at = positions(s, count);
    const detail::PositionsAlong p{s, at.size == 0 ? 0 : count, at.data()};
    Elements<std::int64_t> places(at.size), elements(at.size);
    for (std::int64_t k = 0; k < at.size; ++k) places[k] = element_of(s, count, at, k);
    detail::elements_along(p, elements.data());
    CHECK(elements == places);
    test::for_dtypes([&]<class T>() {
      const auto x = test::random_elements<T>(s.numel(), 1);
      Elements<T> expected(at.size);
      for (std::int64_t k = 0; k < at.size; ++k) expected[k] = x[places[k]];
      test::for_thread_counts([&] {
        Elements<T> y(at.size);
        CHECK(detail::gather_along(dtype_of<T>, p, x.data(), y.data()));
        CHECK(y == expected);
      });
    });
  });
}

TEST_CASE("elements added at positions along lines", "[ops][kernels]") {
  for_cases([](const AxisSplit& s, std::int64_t count) {
    if (s.inner != 1) return;
    const auto at = positions(s, count);
    const detail::PositionsAlong p{s, at.size == 0 ? 0 : count, at.data()};
    test::for_dtypes([&]<class T>() {
      const auto x = test::random_elements<T>(at.size, 1);
      const auto base = test::random_elements<T>(s.numel(), 2);
      // Sums of float32 are made in double where there are many.
      using Sum = std::conditional_t<std::is_same_v<T, float>, double, T>;
      for (const bool from_zero : {false, true}) {
        Elements<Sum> sums(base.size);
        for (std::int64_t i = 0; i < base.size; ++i) sums[i] = from_zero ? Sum(0) : Sum(base[i]);
        for (std::int64_t k = 0; k < at.size; ++k) {
          Sum& sum = sums[element_of(s, count, at, k)];
          sum = static_cast<Sum>(sum + static_cast<Sum>(x[k]));
        }
        Elements<T> expected(base.size);
        for (std::int64_t i = 0; i < base.size; ++i) expected[i] = static_cast<T>(sums[i]);
        test::for_thread_counts([&] {
          Elements<T> y(base.size), own = base;
          const T* const given = from_zero ? nullptr : base.data();
          CHECK(detail::add_along(dtype_of<T>, p, x.data(), given, y.data()));
          CHECK(test::close(y, expected, 1e-6));  // whole numbers
          CHECK(detail::add_along(dtype_of<T>, p, x.data(), from_zero ? nullptr : own.data(),
                                  own.data()));
          CHECK(test::close(own, y, 0));
        });
      }
    });
  });
}

TEST_CASE("positions outside of lines are found", "[ops][kernels]") {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                         most = std::numeric_limits<std::int64_t>::max();
  for (const AxisSplit& s : {AxisSplit{3, 5, 1}, AxisSplit{3, 5, 2}})
    for (const std::int64_t bad : {std::int64_t{-1}, std::int64_t{5}, least, most}) {
      Elements<std::int64_t> at(s.outer * 4 * s.inner);
      at[at.size - 2] = bad;
      Elements<float> x(s.numel()), y(s.numel());
      CHECK_FALSE(detail::gather_along(float32, {s, 4, at.data()}, x.data(), y.data()));
      if (s.inner == 1)
        CHECK_FALSE(detail::add_along(float32, {s, 4, at.data()}, y.data(), nullptr, x.data()));
    }
  std::int64_t at = 0;
  CHECK_FALSE(detail::gather_along(float32, {{1, 0, 1}, 1, &at}, nullptr, nullptr));
}
