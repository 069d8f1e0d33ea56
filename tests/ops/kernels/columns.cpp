// The elements under windows as columns, and back, against the definition.
#include "kernels/columns.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::ImageWindows;
using test::Elements;

namespace {

std::int64_t count_of(const ImageWindows& w, int d) {
  const std::int64_t reach = w.dilation[d] * (w.kernel[d] - 1) + 1;
  return (w.size[d] + 2 * w.padding[d] - reach) / w.stride[d] + 1;
}

// Where element (plane, i, j, r, c) of the columns lies in the images; -1 in the padding.
std::int64_t position(const ImageWindows& w, std::int64_t plane, std::int64_t i, std::int64_t j,
                      std::int64_t r, std::int64_t c) {
  const std::int64_t y = r * w.stride[0] + i * w.dilation[0] - w.padding[0],
                     x = c * w.stride[1] + j * w.dilation[1] - w.padding[1];
  const bool inside = y >= 0 && y < w.size[0] && x >= 0 && x < w.size[1];
  return inside ? plane * w.size[0] * w.size[1] + y * w.size[1] + x : -1;
}

// Calls f(position) for each element of the columns.
template <class F>
void for_columns(const ImageWindows& w, F f) {
  for (std::int64_t p = 0; p < w.planes; ++p)
    for (std::int64_t i = 0; i < w.kernel[0]; ++i)
      for (std::int64_t j = 0; j < w.kernel[1]; ++j)
        for (std::int64_t r = 0; r < w.count[0]; ++r)
          for (std::int64_t c = 0; c < w.count[1]; ++c) f(position(w, p, i, j, r, c));
}

template <class T>
void check(const ImageWindows& w) {
  const std::int64_t images = w.planes * w.size[0] * w.size[1],
                     columns = w.planes * w.kernel[0] * w.kernel[1] * w.count[0] * w.count[1];
  const auto x = test::random_elements<T>(images, 1), dy = test::random_elements<T>(columns, 2);
  Elements<T> y(columns), dx(images), more = x;
  std::int64_t k = 0;
  for_columns(w, [&](std::int64_t at) {
    if (at >= 0) {
      y[k] = x[at];
      dx[at] = static_cast<T>(dx[at] + dy[k]);
      more[at] = static_cast<T>(more[at] + dy[k]);
    }
    ++k;
  });
  test::for_thread_counts([&] {
    Elements<T> a(columns), b(images), c = x;
    detail::columns_of_images(dtype_of<T>, w, x.data(), a.data());
    detail::images_of_columns(dtype_of<T>, w, dy.data(), false, b.data());
    detail::images_of_columns(dtype_of<T>, w, dy.data(), true, c.data());
    CHECK(a == y);
    CHECK(test::close(b, dx, 0));
    CHECK(test::close(c, more, 0));
  });
}

}  // namespace

TEST_CASE("columns hold the elements under each window, and add up to images", "[ops][kernels]") {
  ImageWindows cases[] = {{1, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {1, 1}, {}},
                          {2, {5, 7}, {3, 2}, {1, 1}, {0, 0}, {1, 1}, {}},
                          {3, {9, 8}, {2, 3}, {2, 3}, {1, 4}, {3, 2}, {}},
                          {1, {3, 3}, {3, 3}, {1, 1}, {5, 5}, {2, 2}, {}},
                          {2, {28, 29}, {3, 5}, {1, 1}, {1, 3}, {1, 1}, {}},
                          {2, {200, 99}, {2, 2}, {1, 1}, {1, 0}, {1, 1}, {}}};
  for (ImageWindows& w : cases) {
    w.count[0] = count_of(w, 0);
    w.count[1] = count_of(w, 1);
    test::for_dtypes([&]<class T>() { check<T>(w); });
  }
}
