// Maps of few entries along axes, against the whole matrices.
#include "kernels/taps.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::AxisSplit;
using detail::TapAxes;
using detail::TapMap;
using test::Elements;

namespace {

// A map with its entries, and as a matrix (rows, size).
struct Map {
  std::int64_t size, rows, taps;
  Elements<std::int64_t> at;
  Elements<double> weight;

  Map(std::int64_t from, std::int64_t to, std::int64_t most)
      : size(from), rows(to), taps(most), at(to * most), weight(to * most) {}
  TapMap taps_of() const { return {size, rows, taps, at.data(), weight.data()}; }
  Elements<double> matrix() const {
    Elements<double> m(rows * size);
    for (std::int64_t t = 0; t < at.size; ++t)
      if (at[t] >= 0) m[t / taps * size + at[t]] += weight[t];
    return m;
  }
};

Map random_map(std::int64_t size, std::int64_t rows, std::int64_t taps) {
  Map m(size, rows, taps);
  m.at = test::random_positions(rows * taps, size, true, 1);
  for (std::int64_t t = 0; t < m.at.size; ++t) m.weight[t] = 0.25 * double(t % 7) - 0.5;
  return m;
}
// Rows that resemble those `phases` before, `stride` further on, cut off at both ends.
Map regular_map(std::int64_t size, std::int64_t rows, std::int64_t phases, std::int64_t stride,
                std::int64_t taps) {
  Map m(size, rows, taps);
  for (std::int64_t t = 0; t < m.at.size; ++t) {
    const std::int64_t i = t / taps, k = t % taps, at = i / phases * stride + k - 1;
    m.at[t] = at < 0 || at >= size ? -1 : at;
    m.weight[t] = 0.25 * double(i % phases * taps + k) - 0.4;
  }
  return m;
}

// y of the matrix along one axis, or of the transposed one.
template <class T>
Elements<T> mapped(const Map& map, bool transposed, const AxisSplit& s, const Elements<T>& x) {
  const Elements<double> m = map.matrix();
  const std::int64_t rows = transposed ? map.size : map.rows;
  const AxisSplit to{s.outer, rows, s.inner};
  Elements<T> y(to.numel());
  for (std::int64_t k = 0; k < s.lines(); ++k)
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < s.size; ++j)
        y[to.start_of(k) + i * s.inner] +=
            static_cast<T>(m[transposed ? j * map.size + i : i * map.size + j]) *
            x[s.start_of(k) + j * s.inner];
  return y;
}

using Sizes = std::vector<std::int64_t>;

// y of the maps along their axes, from one on.
template <class T>
Elements<T> all_mapped(const std::vector<Map>& maps, std::size_t i, bool transposed, AxisSplit s,
                       Sizes sizes, const Elements<T>& x) {
  if (i == maps.size()) return x;
  const AxisSplit whole = s;
  s.size = sizes[i];
  for (std::size_t d = 0; d < maps.size(); ++d)
    if (d != i) (d < i ? s.outer : s.inner) *= sizes[d];
  sizes[i] = transposed ? maps[i].size : maps[i].rows;
  return all_mapped(maps, i + 1, transposed, whole, sizes, mapped(maps[i], transposed, s, x));
}

// Both ways, of one map for each axis.
template <class T>
void check(std::int64_t outer, const std::vector<Map>& maps, std::int64_t inner) {
  std::vector<TapMap> taps;
  for (const Map& m : maps) taps.push_back(m.taps_of());
  const TapAxes axes{outer, taps, inner};
  for (const bool transposed : {false, true}) {
    Sizes sizes;
    for (const Map& m : maps) sizes.push_back(transposed ? m.rows : m.size);
    std::int64_t n = outer * inner;
    for (const std::int64_t size : sizes) n *= size;
    const auto x = test::moderate_elements<T>(n, 2);
    const auto expected = all_mapped(maps, 0, transposed, {outer, 1, inner}, sizes, x);
    Elements<T> once(expected.size);
    test::for_thread_counts([&] {
      Elements<T> y(expected.size);
      (transposed ? detail::apply_taps_transposed : detail::apply_taps)(dtype_of<T>, axes, x.data(),
                                                                        y.data());
      CHECK(test::close(y, expected, 4 * test::rounding<T>()));
      if (num_threads() == 1) once = y;
      CHECK(y == once);
    });
  }
}

}  // namespace

TEST_CASE("maps by taps, and transposed", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    test::for_line_shapes(
        [](const AxisSplit& s) {
          if (s.numel() > 20000) return;
          for (const auto& [rows, taps] : {std::pair{1, 1}, {3, 2}, {9, 4}})
            check<T>(s.outer, {random_map(s.size, rows, taps)}, s.inner);
        },
        1);
  });
}

TEST_CASE("maps whose rows resemble each other", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for (const std::int64_t size : {1, 2, 3, 7, 16, 28, 57})
      for (const auto& [phases, stride] : {std::pair{1, 1}, {1, 2}, {1, 3}, {2, 1}, {2, 3}, {4, 1}})
        for (const std::int64_t taps : {1, 2, 3, 5}) {
          const Map map = regular_map(size, size * phases / stride, phases, stride, taps);
          for (const std::int64_t inner : {1, 3, 9, 70}) check<T>(3, {map}, inner);
        }
  });
}

TEST_CASE("maps along several axes", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    const Map up = regular_map(9, 18, 2, 1, 2), down = regular_map(28, 14, 1, 2, 2),
              any = random_map(5, 7, 3);
    for (const std::int64_t outer : {0, 1, 40}) {
      check<T>(outer, {up, down}, 1);
      check<T>(outer, {down, up}, 1);
      check<T>(outer, {any, up, down}, 1);
      check<T>(outer, {down, any, any}, 1);
      check<T>(outer, {up, any}, 6);
    }
  });
}

TEST_CASE("taps of a large result", "[ops][kernels]") {
  const Map up = regular_map(30, 60, 2, 1, 2);
  check<float>(1300, {up, up}, 1);  // it goes past the caches
}

TEST_CASE("taps pass NaN and infinities on", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    const Map up = regular_map(29, 58, 2, 1, 2);
    const TapMap taps[] = {up.taps_of()};
    for (const std::int64_t inner : {1, 11}) {
      const auto x = test::random_elements<T>(5 * 29 * inner, 7);
      Elements<T> y(5 * 58 * inner), expected(y.size);
      for (std::int64_t k = 0; k < y.size; ++k) {
        const std::int64_t j = k % inner, i = k / inner % 58, o = k / inner / 58;
        for (std::int64_t t = 2 * i; t < 2 * i + 2; ++t)
          if (up.at[t] >= 0)
            expected[k] += static_cast<T>(up.weight[t]) * x[(o * 29 + up.at[t]) * inner + j];
      }
      detail::apply_taps(dtype_of<T>, {5, taps, inner}, x.data(), y.data());
      CHECK(test::close(y, expected, 4 * test::rounding<T>()));
    }
  });
}
