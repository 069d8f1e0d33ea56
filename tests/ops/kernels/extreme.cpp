// Extremes of lines and their gradients, against a loop over each line.
#include "kernels/extreme.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::AxisSplit;
using detail::Extreme;
using test::Elements;

namespace {

// The first NaN, or else the first extreme.
template <class T>
std::size_t extreme_in(const std::vector<T>& line, Extreme which) {
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] != line[i]) return i;
  std::size_t best = 0;
  for (std::size_t i = 1; i < line.size(); ++i)
    if (which == Extreme::largest ? line[i] > line[best] : line[i] < line[best]) best = i;
  return best;
}

}  // namespace

TEST_CASE("extremes of lines, and where they are", "[ops][kernels]") {
  test::for_line_shapes(
      [](const AxisSplit& s) {
        test::for_dtypes([&]<class T>() {
          const auto x = test::random_elements<T>(s.numel(), 1);
          for (const Extreme which : {Extreme::least, Extreme::largest}) {
            Elements<T> expected(s.lines());
            Elements<std::int64_t> places(s.lines());
            for (std::int64_t k = 0; k < s.lines(); ++k) {
              const auto line = test::line_of(s, x, k);
              const std::size_t at = extreme_in(line, which);
              expected[k] = line[at];
              places[k] = static_cast<std::int64_t>(at);
            }
            test::for_thread_counts([&] {
              Elements<T> y(s.lines());
              Elements<std::int64_t> at(s.lines());
              detail::reduce_to_extreme(dtype_of<T>, s, which, x.data(), y.data());
              detail::positions_of_extremes(dtype_of<T>, s, which, x.data(), at.data());
              CHECK(test::close(y, expected, 0));
              CHECK(at == places);
            });
          }
        });
      },
      1);
}

TEST_CASE("gradients of extremes are shared by equal elements", "[ops][kernels]") {
  test::for_line_shapes(
      [](const AxisSplit& s) {
        test::for_floats([&]<class T>() {
          auto x = test::random_elements<T>(s.numel(), 1);
          for (T& e : x) e = std::round(e * T(0.02));  // many are equal
          const auto dy = test::random_elements<T>(s.lines(), 2);
          Elements<T> y(s.lines()), expected(s.numel());
          for (std::int64_t k = 0; k < s.lines(); ++k) {
            const auto line = test::line_of(s, x, k);
            y[k] = line[extreme_in(line, Extreme::largest)];
            const auto is_it = [&](T e) { return e == y[k] || (e != e && y[k] != y[k]); };
            const auto count = std::count_if(line.begin(), line.end(), is_it);
            for (std::int64_t i = 0; i < s.size; ++i)
              expected[s.start_of(k) + i * s.inner] =
                  dy[k] / static_cast<T>(count) * T(is_it(line[static_cast<std::size_t>(i)]));
          }
          test::for_thread_counts([&] {
            Elements<T> dx(s.numel());
            detail::extreme_gradient(dtype_of<T>, s, x.data(), y.data(), dy.data(), dx.data());
            CHECK(test::close(dx, expected, 0));
          });
        });
      },
      1);
}
