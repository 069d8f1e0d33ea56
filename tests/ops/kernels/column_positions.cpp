// The elements under windows, against the definition.
#include "kernels/column_positions.hpp"

#include "ops/kernels/kernel_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::ImageWindows;
using test::Elements;

namespace {

std::int64_t count_of(const ImageWindows& w, int d) {
  const std::int64_t reach = w.dilation[d] * (w.kernel[d] - 1) + 1;
  return (w.size[d] + 2 * w.padding[d] - reach) / w.stride[d] + 1;
}

// Element (plane, i, j, r, c) of the result.
std::int64_t position(const ImageWindows& w, std::int64_t plane, std::int64_t i, std::int64_t j,
                      std::int64_t r, std::int64_t c) {
  const std::int64_t y = r * w.stride[0] + i * w.dilation[0] - w.padding[0],
                     x = c * w.stride[1] + j * w.dilation[1] - w.padding[1];
  const bool inside = y >= 0 && y < w.size[0] && x >= 0 && x < w.size[1];
  return inside ? plane * w.size[0] * w.size[1] + y * w.size[1] + x : -1;
}

}  // namespace

TEST_CASE("columns hold the positions under each window", "[ops][kernels]") {
  ImageWindows cases[] = {{1, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {1, 1}, {}},
                          {2, {5, 7}, {3, 2}, {1, 1}, {0, 0}, {1, 1}, {}},
                          {3, {9, 8}, {2, 3}, {2, 3}, {1, 4}, {3, 2}, {}},
                          {1, {3, 3}, {3, 3}, {1, 1}, {5, 5}, {2, 2}, {}},
                          {2, {200, 99}, {2, 2}, {1, 1}, {1, 0}, {1, 1}, {}}};
  for (ImageWindows& w : cases) {
    w.count[0] = count_of(w, 0);
    w.count[1] = count_of(w, 1);
    Elements<std::int64_t> expected(w.planes * w.kernel[0] * w.kernel[1] * w.count[0] * w.count[1]);
    std::int64_t* to = expected.begin();
    for (std::int64_t p = 0; p < w.planes; ++p)
      for (std::int64_t i = 0; i < w.kernel[0]; ++i)
        for (std::int64_t j = 0; j < w.kernel[1]; ++j)
          for (std::int64_t r = 0; r < w.count[0]; ++r)
            for (std::int64_t c = 0; c < w.count[1]; ++c) *to++ = position(w, p, i, j, r, c);
    test::for_thread_counts([&] {
      Elements<std::int64_t> y(expected.size);
      detail::column_positions(w, y.data());
      CHECK(y == expected);
    });
  }
}
