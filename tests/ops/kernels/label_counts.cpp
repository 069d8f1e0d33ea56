// Counts of labels, against a search for each class.
#include "kernels/label_counts.hpp"

#include <algorithm>

#include "ops/kernels/kernel_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using test::Elements;

TEST_CASE("classes among the labels of a row", "[ops][kernels]") {
  for (const std::int64_t classes : {0, 1, 2, 7, 33})
    for (const std::int64_t rows : {0, 1, 3, 50}) {
      const auto labels = test::random_positions(rows * classes, classes, true, 1);
      Elements<std::int64_t> expected(labels.size), y(labels.size);
      for (std::int64_t r = 0; r < rows; ++r) {
        const std::int64_t* const first = labels.data() + r * classes;
        const std::int64_t* const end = std::find(first, first + classes, -1);
        for (std::int64_t c = 0; c < classes; ++c)
          expected[r * classes + c] = std::count(first, end, c);
      }
      CHECK(!detail::label_counts(rows, classes, labels.data(), y.data()));
      CHECK(y == expected);
    }
}

TEST_CASE("a label that is no class is found", "[ops][kernels]") {
  const std::int64_t labels[] = {0, -1, 9, 2, 5, 4};
  std::int64_t y[6];
  CHECK(detail::label_counts(2, 3, labels, y) == 5);
  CHECK(!detail::label_counts(1, 3, labels, y));
}
