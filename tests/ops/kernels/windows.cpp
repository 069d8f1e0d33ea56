// The largest of windows, against a list of each window's positions.
#include "kernels/windows.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::Span;
using detail::WindowedAxis;
using test::Elements;

TEST_CASE("the largest of each window", "[ops][kernels]") {
  const Span one[] = {{0, 1, 1}}, rows[] = {{0, 3, 2}, {1, 5, 2}, {4, 7, 1}},
             columns[] = {{0, 2, 1}, {1, 4, 1}, {2, 9, 3}, {8, 9, 1}},
             deep[] = {{0, 2, 1}, {1, 3, 1}};
  const WindowedAxis shapes[][3] = {{{1, 1, one}, {1, 1, one}, {9, 4, columns}},
                                    {{1, 1, one}, {7, 3, rows}, {9, 4, columns}},
                                    {{3, 2, deep}, {7, 3, rows}, {9, 4, columns}}};
  test::for_floats([&]<class T>() {
    for (const auto& axes : shapes)
      for (const std::int64_t planes : {0, 1, 3, 200}) {
        const std::int64_t plane = axes[0].size * axes[1].size * axes[2].size,
                           windows = axes[0].count * axes[1].count * axes[2].count;
        const auto x = test::random_elements<T>(planes * plane, 1);
        Elements<std::int64_t> expected(planes * windows);
        for (std::int64_t w = 0; w < expected.size; ++w) {
          const std::int64_t in = w % windows;
          const Span& a = axes[0].spans[in / axes[2].count / axes[1].count];
          const Span& b = axes[1].spans[in / axes[2].count % axes[1].count];
          const Span& c = axes[2].spans[in % axes[2].count];
          std::vector<std::int64_t> positions;
          for (std::int64_t p = 0; p < plane; ++p) {
            const std::int64_t k = p % axes[2].size, j = p / axes[2].size % axes[1].size,
                               i = p / axes[2].size / axes[1].size;
            const auto in_span = [](const Span& s, std::int64_t at) {
              return at >= s.start && at < s.stop && (at - s.start) % s.step == 0;
            };
            if (in_span(a, i) && in_span(b, j) && in_span(c, k)) positions.push_back(p);
          }
          std::int64_t best = positions.front();
          const T* const from = x.data() + w / windows * plane;
          for (const std::int64_t p : positions)
            if (from[p] != from[p] || from[p] > from[best]) best = p;
          expected[w] = best;
        }
        test::for_thread_counts([&] {
          Elements<std::int64_t> at(expected.size), elements(expected.size);
          detail::positions_of_largest(dtype_of<T>, planes, axes, x.data(), at.data(),
                                       elements.data());
          CHECK(at == expected);
          for (std::int64_t w = 0; w < expected.size; ++w)
            CHECK(elements[w] == w / windows * plane + expected[w]);
        });
      }
  });
}

TEST_CASE("positions in planes among all elements", "[ops][kernels]") {
  for (const std::int64_t planes : {0, 1, 3, 1000})
    for (const std::int64_t each : {0, 1, 7, 100}) {
      const auto at = test::random_positions(planes * each, 33, false, 1);
      auto expected = at;
      for (std::int64_t k = 0; k < at.size; ++k) expected[k] += 33 * (k / each);
      test::for_thread_counts([&] {
        auto y = at;
        detail::positions_among_planes(planes, each, 33, y.data());
        CHECK(y == expected);
      });
    }
}
