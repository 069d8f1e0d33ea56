// Positions in images, point by point.
#include "kernels/grid_positions.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::GridSizes;
using test::Elements;

namespace {

// Whole places around [0, 7), with NaN and infinities.
template <class T>
Elements<T> places_for(std::int64_t n, unsigned seed) {
  auto x = test::random_elements<T>(n, seed);
  for (T& e : x)
    if (std::isfinite(e)) e = std::floor(e / 200) + 3;
  return x;
}

template <class T>
std::int64_t position_of(const GridSizes& s, const Elements<T> (&places)[3], std::int64_t n,
                         std::int64_t c, std::int64_t i) {
  std::int64_t position = n * s.channels + c;
  for (int d = 0; d < s.axes; ++d) {
    const T place = places[d][n * s.points + i];
    if (std::isnan(place) || place < 0 || place >= static_cast<T>(s.size[d])) return -1;
    position = position * s.size[d] + static_cast<std::int64_t>(place);
  }
  return position;
}

}  // namespace

TEST_CASE("positions of points in images", "[ops][kernels]") {
  const GridSizes cases[] = {
      {1, 1, 1, 2, {1, 1, 1}},    {2, 3, 17, 2, {5, 7, 1}}, {3, 1, 1000, 3, {2, 5, 3}},
      {2, 33, 513, 3, {3, 1, 4}}, {0, 3, 0, 2, {5, 7, 1}},  {3, 0, 9, 2, {5, 7, 1}},
      {3, 2, 0, 2, {5, 7, 1}},    {2, 2, 33, 2, {0, 7, 1}}, {70, 2, 600, 2, {4, 4, 1}},
  };
  test::for_floats([&]<class T>() {
    for (const GridSizes& s : cases) {
      const std::int64_t count = s.batch * s.points;
      const Elements<T> places[3] = {places_for<T>(count, 1), places_for<T>(count, 2),
                                     places_for<T>(count, 3)};
      const void* const at[3] = {places[0].data(), places[1].data(), places[2].data()};
      Elements<std::int64_t> expected(s.batch * s.channels * s.points);
      for (std::int64_t k = 0; k < expected.size; ++k)
        expected[k] = position_of(s, places, k / s.points / s.channels, k / s.points % s.channels,
                                  k % s.points);
      test::for_thread_counts([&] {
        Elements<std::int64_t> y(expected.size);
        detail::grid_positions(dtype_of<T>, s, at, y.data());
        CHECK(y == expected);
      });
    }
  });
}
