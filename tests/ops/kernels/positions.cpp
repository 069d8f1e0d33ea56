// Positions along axes and back, against the definitions.
#include "kernels/positions.hpp"

#include <algorithm>
#include <vector>

#include "ops/kernels/kernel_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::AxisPositions;
using test::Elements;

namespace {

using Sizes = std::vector<std::int64_t>;

std::int64_t product(const Sizes& sizes) {
  std::int64_t n = 1;
  for (const std::int64_t size : sizes) n *= size;
  return n;
}
// The index of element k along axis d.
std::int64_t index_of(const Sizes& sizes, std::int64_t k, std::size_t d) {
  for (std::size_t i = sizes.size(); --i > d;) k /= sizes[i];
  return k % sizes[d];
}

const Sizes shapes[] = {{1},       {0, 3},         {7, 0},       {1000},
                        {3, 1, 5}, {40000, 2},     {2, 40000},   {1, 1, 9, 1},
                        {2, 3, 4}, {17, 1, 33, 3}, {9, 8, 7, 6}, {2, 2, 2, 2, 2}};

}  // namespace

TEST_CASE("negative positions count from the end", "[ops][kernels]") {
  for (const std::int64_t count : {0, 1, 9, 70000}) {
    auto x = test::random_positions(count, 21, false, 1);
    for (std::int64_t& k : x) k -= 10;
    test::for_thread_counts([&] {
      Elements<std::int64_t> y(count);
      detail::wrap_positions(count, 10, x.data(), y.data());
      for (std::int64_t k = 0; k < count; ++k)
        if (y[k] != (x[k] < 0 ? x[k] + 10 : x[k])) FAIL("position " << x[k]);
    });
  }
}

TEST_CASE("positions by axes are sums, -1 where one is nowhere", "[ops][kernels]") {
  for (const Sizes& sizes : shapes)
    for (const bool tables : {false, true}) {
      std::vector<Elements<std::int64_t>> at;
      std::vector<AxisPositions> axes;
      for (std::size_t d = 0; d < sizes.size(); ++d)
        at.push_back(test::random_positions(sizes[d], 50, true, static_cast<unsigned>(d)));
      for (std::size_t d = 0; d < sizes.size(); ++d)
        axes.push_back({sizes[d], static_cast<std::int64_t>(d * 10),
                        tables || d % 2 == 1 ? at[d].data() : nullptr});
      const std::int64_t count = product(sizes);
      Elements<std::int64_t> expected(count);
      for (std::int64_t k = 0; k < count; ++k) {
        expected[k] = 5;
        for (std::size_t d = 0; d < sizes.size(); ++d) {
          const std::int64_t i = index_of(sizes, k, d), place = axes[d].at ? axes[d].at[i] : i;
          if (expected[k] >= 0) expected[k] = place < 0 ? -1 : expected[k] + place * axes[d].stride;
        }
      }
      test::for_thread_counts([&] {
        Elements<std::int64_t> y(count);
        detail::positions_by_axes(axes, 5, y.data());
        CHECK(y == expected);
      });
    }
  std::int64_t y = 0;
  detail::positions_by_axes({}, 4, &y);
  CHECK(y == 4);
}

TEST_CASE("positions along an axis keep the place along the others", "[ops][kernels]") {
  for (const Sizes& sizes : shapes)
    for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
      Sizes strides(sizes.size(), 1);
      for (std::size_t d = sizes.size(); d-- > 1;) strides[d - 1] = strides[d] * (sizes[d] + 2);
      const std::int64_t count = product(sizes);
      const auto at = test::random_positions(count, 30, false, 7);
      Elements<std::int64_t> expected(count);
      for (std::int64_t k = 0; k < count; ++k)
        for (std::size_t d = 0; d < sizes.size(); ++d)
          expected[k] += (d == axis ? at[k] : index_of(sizes, k, d)) * strides[d];
      test::for_thread_counts([&] {
        Elements<std::int64_t> y = at;
        detail::positions_along(sizes, strides, axis, y.data());
        CHECK(y == expected);
      });
    }
}

TEST_CASE("positions are taken apart into indices", "[ops][kernels]") {
  for (const Sizes& sizes : shapes) {
    const auto axes = static_cast<std::int64_t>(sizes.size());
    const std::int64_t n = product(sizes), count = n == 0 ? 0 : 5000;
    const auto at = test::random_positions(count, n, false, 4);
    test::for_thread_counts([&] {
      Elements<std::int64_t> y(count * axes);
      detail::unravel_positions(count, sizes, at.data(), y.data());
      for (std::int64_t e = 0; e < y.size; ++e)
        if (y[e] != index_of(sizes, at[e / axes], static_cast<std::size_t>(e % axes)))
          FAIL("position " << at[e / axes]);
    });
  }
}

TEST_CASE("of equal positions the last one is kept", "[ops][kernels]") {
  for (const std::int64_t count : test::odd_sizes) {
    const auto at = test::random_positions(count, 20, true, 5);
    Elements<std::int64_t> y(count);
    detail::keep_last(count, 20, at.data(), y.data());
    for (std::int64_t k = 0; k < count; ++k)
      CHECK(y[k] == (std::find(at.begin() + k + 1, at.end(), at[k]) == at.end() ? at[k] : -1));
  }
}

TEST_CASE("a mask is where it holds", "[ops][kernels]") {
  for (const std::int64_t n : test::odd_sizes)
    for (const int kind : {0, 1, 2}) {  // nowhere, everywhere, here and there
      auto mask = test::random_elements<bool>(n, 6);
      if (kind < 2) std::fill(mask.begin(), mask.end(), kind == 1);
      std::vector<std::int64_t> expected;
      for (std::int64_t k = 0; k < n; ++k)
        if (mask[k]) expected.push_back(k);
      const std::int64_t count = detail::count_true(n, mask.data());
      REQUIRE(count == static_cast<std::int64_t>(expected.size()));
      std::vector<std::int64_t> y(expected.size());
      detail::true_positions(n, mask.data(), count, y.data());
      CHECK(y == expected);
    }
}

TEST_CASE("positions are repeated", "[ops][kernels]") {
  const std::int64_t repeats[] = {2, 0, 0, 3, 1};
  CHECK(detail::saturated_total(5, repeats) == 6);
  CHECK(detail::saturated_total(0, repeats) == 0);
  std::vector<std::int64_t> y(6), each(4);
  detail::repeat_positions(5, repeats, 1, y.data());
  CHECK(y == std::vector<std::int64_t>{0, 0, 3, 3, 3, 4});
  detail::repeat_positions(2, repeats, 0, each.data());
  CHECK(each == std::vector<std::int64_t>{0, 0, 1, 1});
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const std::int64_t large[] = {most - 1, 5};
  CHECK(detail::saturated_total(2, large) == most);
}

TEST_CASE("one_hot rows hold one 1", "[ops][kernels]") {
  for (const std::int64_t count : test::odd_sizes)
    for (const std::int64_t classes : {1, 3, 70}) {
      const auto at = test::random_positions(count, classes, false, 8);
      Elements<std::int64_t> expected(count * classes);
      for (std::int64_t k = 0; k < count; ++k) expected[k * classes + at[k]] = 1;
      test::for_thread_counts([&] {
        auto y = test::random_elements<std::int64_t>(expected.size, 9);
        detail::one_hot(count, classes, at.data(), y.data());
        CHECK(y == expected);
      });
    }
}
