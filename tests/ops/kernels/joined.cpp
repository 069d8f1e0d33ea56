// Rows joined of parts, against one byte after the other.
#include "kernels/joined.hpp"

#include <vector>

#include "ops/kernels/kernel_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::RowPart;
using test::Elements;

TEST_CASE("rows are joined of parts of other rows", "[ops][kernels]") {
  const auto a = test::random_elements<std::int64_t>(300000, 1),
             b = test::random_elements<std::int64_t>(300000, 2);
  for (const std::int64_t rows : {0, 1, 3, 1000})
    for (const std::int64_t bytes : {0, 1, 24, 1001}) {
      const std::int64_t other = bytes / 3, row = bytes + other + 2;
      const std::vector<RowPart> parts{
          {a.data(), bytes + 8, bytes}, {b.data(), 0, other}, {b.data(), other + 2, 2}};
      std::vector<char> expected;
      for (std::int64_t r = 0; r < rows; ++r)
        for (const RowPart& p : parts) {
          const char* const from = static_cast<const char*>(p.from) + r * p.step;
          expected.insert(expected.end(), from, from + p.bytes);
        }
      test::for_thread_counts([&] {
        std::vector<char> y(static_cast<std::size_t>(rows * row));
        detail::join_parts(parts, rows, y.data());
        CHECK(y == expected);
      });
    }
}

TEST_CASE("a long row is joined by several threads", "[ops][kernels]") {
  const auto a = test::random_elements<double>(100001, 3), b = test::random_elements<double>(70, 4);
  const RowPart parts[] = {{b.data(), 0, 70 * 8}, {a.data(), 0, 100001 * 8}};
  test::for_thread_counts([&] {
    Elements<double> y(100071);
    detail::join_parts(parts, 1, y.data());
    CHECK(std::memcmp(y.data(), b.data(), 70 * 8) == 0);
    CHECK(std::memcmp(y.data() + 70, a.data(), 100001 * 8) == 0);
  });
}
