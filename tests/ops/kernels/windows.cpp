// The largest of windows, against a list of each window's positions.
#include "kernels/windows.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::PlaneWindows;
using detail::Span;
using detail::WindowedAxis;
using test::Elements;

namespace {

// Windows by kernel, stride and padding along an axis.
struct Axis {
  std::int64_t size;
  std::vector<Span> spans;

  Axis(std::int64_t n, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
       std::int64_t step = 1)
      : size(n) {
    for (std::int64_t from = -padding; from + (kernel - 1) * step < n + padding; from += stride) {
      std::int64_t start = from;
      while (start < 0) start += step;
      spans.push_back({start, std::min(from + (kernel - 1) * step + 1, n), step});
    }
  }
  Axis(std::int64_t n, std::vector<Span> any) : size(n), spans(std::move(any)) {}
  std::vector<std::int64_t> window(std::int64_t i) const {
    std::vector<std::int64_t> at;
    const Span& s = spans[static_cast<std::size_t>(i)];
    for (std::int64_t k = s.start; k < s.stop; k += s.step) at.push_back(k);
    return at;
  }
  WindowedAxis view() const {
    return {size, static_cast<std::int64_t>(spans.size()), spans.data()};
  }
};

// Where in its plane the largest element of a window lies.
template <class T>
std::int64_t largest_at(const Axis (&axes)[3], std::int64_t window, const T* plane) {
  const auto n1 = static_cast<std::int64_t>(axes[1].spans.size()),
             n2 = static_cast<std::int64_t>(axes[2].spans.size());
  std::int64_t best = -1;
  for (const std::int64_t i : axes[0].window(window / n2 / n1))
    for (const std::int64_t j : axes[1].window(window / n2 % n1))
      for (const std::int64_t k : axes[2].window(window % n2)) {
        const std::int64_t at = (i * axes[1].size + j) * axes[2].size + k;
        if (best < 0 || plane[at] != plane[at] || plane[at] > plane[best]) best = at;
      }
  return best;
}

template <class T>
void check(const Axis (&axes)[3], std::int64_t planes) {
  const PlaneWindows w{planes, {axes[0].view(), axes[1].view(), axes[2].view()}};
  const auto x = test::random_elements<T>(planes * w.plane(), 1);
  const auto dy = test::moderate_elements<T>(planes * w.windows(), 2),
             before = test::moderate_elements<T>(x.size, 3);
  Elements<std::int64_t> at(dy.size), among(dy.size);
  Elements<T> y(dy.size), dx(x.size), more = before;
  for (std::int64_t k = 0; k < dy.size; ++k) {
    const std::int64_t start = k / w.windows() * w.plane();
    at[k] = largest_at(axes, k % w.windows(), x.data() + start);
    among[k] = start + at[k];
    y[k] = x[among[k]];
    dx[among[k]] += dy[k];
    more[among[k]] += dy[k];
  }
  test::for_thread_counts([&] {
    Elements<T> a(y.size), b(y.size), c(x.size), d = before;
    Elements<std::int64_t> in_plane(y.size), all(y.size), places(y.size);
    detail::largest_of_windows(dtype_of<T>, w, x.data(), a.data(), places.data());
    detail::largest_of_windows(dtype_of<T>, w, x.data(), b.data(), nullptr);
    detail::positions_of_places(w, places.data(), false, in_plane.data());
    detail::positions_of_places(w, places.data(), true, all.data());
    detail::add_at_places(dtype_of<T>, w, places.data(), dy.data(), false, c.data());
    detail::add_at_places(dtype_of<T>, w, places.data(), dy.data(), true, d.data());
    CHECK(a == y);
    CHECK(b == y);
    CHECK(in_plane == at);
    CHECK(all == among);
    CHECK(test::close(c, dx, 0));  // but for the sign of 0
    CHECK(d == more);
  });
}

}  // namespace

TEST_CASE("the largest of each window", "[ops][kernels]") {
  const Axis one(1, 1, 1, 0), rows(7, {{0, 3, 2}, {1, 5, 2}, {4, 7, 2}}),
      columns(9, {{0, 2, 1}, {1, 4, 1}, {2, 9, 1}, {8, 9, 1}}), deep(3, 2, 1, 0);
  const Axis shapes[][3] = {{one, one, columns},
                            {one, rows, columns},
                            {deep, rows, columns},
                            {one, Axis(28, 2, 2, 0), Axis(28, 2, 2, 0)},
                            {one, Axis(27, 2, 2, 0), Axis(29, 2, 2, 0)},
                            {one, Axis(28, 3, 2, 1), Axis(28, 3, 2, 1)},
                            {one, Axis(9, 3, 1, 1), Axis(37, 3, 1, 1)},
                            {one, Axis(9, 3, 3, 0), Axis(40, 3, 3, 1)},
                            {one, Axis(15, 3, 2, 1, 2), Axis(21, 3, 1, 1, 3)},
                            {Axis(5, 3, 2, 1), Axis(8, 3, 2, 1), Axis(40, 2, 2, 1)},
                            {one, Axis(20, 17, 1, 0), Axis(40, 17, 2, 3)},
                            {one, Axis(30, 30, 1, 0), Axis(31, 31, 1, 0)}};
  test::for_floats([&]<class T>() {
    for (const auto& axes : shapes)
      for (const std::int64_t planes : {0, 1, 3, 40}) check<T>(axes, planes);
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
