// Triangles of matrices, place by place.
#include "kernels/triangle.hpp"

#include <vector>

#include "ops/kernels/kernel_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::Triangle;
using test::Elements;

namespace {

bool holds(const Triangle& t, std::int64_t r, std::int64_t c) {
  return t.lower ? c - r <= t.diagonal : c - r >= t.diagonal;
}

template <class F>
void for_triangles(F f) {
  for (const std::int64_t rows : {1, 2, 3, 9})
    for (const std::int64_t columns : {0, 1, 2, 8, 300})
      for (const std::int64_t diagonal : {-40, -3, -1, 0, 1, 5, 1001})
        for (const bool lower : {false, true}) f(Triangle{rows, columns, diagonal, lower});
}

}  // namespace

TEST_CASE("triangles keep their elements, NaN and all, and clear the rest", "[ops][kernels]") {
  for_triangles([](const Triangle& t) {
    constexpr std::int64_t batch = 3;
    const std::int64_t area = t.rows * t.columns;
    test::for_dtypes([&]<class T>() {
      const auto x = test::random_elements<T>(batch * area, 1);
      Elements<T> expected(x.size);
      for (std::int64_t k = 0; k < x.size; ++k)
        if (holds(t, k % area / t.columns, k % t.columns)) expected[k] = x[k];
      test::for_thread_counts([&] {
        auto y = test::random_elements<T>(x.size, 2);
        detail::copy_triangle(dtype_of<T>, batch, t, x.data(), y.data());
        CHECK(y == expected);
      });
    });
  });
}

TEST_CASE("the places of a triangle come row by row", "[ops][kernels]") {
  for_triangles([](const Triangle& t) {
    std::vector<std::int64_t> rows, columns;
    for (std::int64_t r = 0; r < t.rows; ++r)
      for (std::int64_t c = 0; c < t.columns; ++c)
        if (holds(t, r, c)) rows.push_back(r), columns.push_back(c);
    std::vector<std::int64_t> at(rows.size()), along(rows.size());
    detail::triangle_places(t, static_cast<std::int64_t>(rows.size()), at.data(), along.data());
    CHECK(at == rows);
    CHECK(along == columns);
  });
}

TEST_CASE("a diagonal may be anywhere", "[ops][kernels]") {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::int64_t rows[4], columns[4];
  detail::triangle_places({2, 2, most, true}, 4, rows, columns);
  CHECK((rows[3] == 1 && columns[3] == 1));
  detail::triangle_places({2, 2, -most - 1, false}, 4, rows, columns);
  CHECK((rows[1] == 0 && columns[1] == 1));
  detail::triangle_places({2, 2, -most - 1, true}, 0, rows, columns);
  const float x[] = {1, 2};
  float y[2];
  detail::copy_triangle(float32, 1, {1, 2, most, false}, x, y);
  CHECK((y[0] == 0 && y[1] == 0));
}
