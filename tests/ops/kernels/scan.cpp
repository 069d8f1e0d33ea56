// Running totals along lines, against a loop over each line.
#include "kernels/scan.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::AxisSplit;
using detail::Direction;
using detail::Extreme;
using test::Elements;

namespace {

template <class T>
Elements<T> small_numbers(std::int64_t n, unsigned seed) {
  auto x = test::random_elements<T>(n, seed);
  for (T& e : x) e = std::isfinite(static_cast<double>(e)) ? e / T(100) : e;
  return x;
}

// y[i] = next(y[i - 1], x[i]), in long double or the integers' own arithmetic.
template <class T, class F>
Elements<T> by_definition(const AxisSplit& s, const Elements<T>& x, F next,
                          Direction direction = Direction::forward) {
  Elements<T> y(s.numel());
  for (std::int64_t k = 0; s.numel() > 0 && k < s.lines(); ++k) {
    auto line = test::line_of(s, x, k);
    if (direction == Direction::backward) std::reverse(line.begin(), line.end());
    std::conditional_t<std::is_same_v<T, std::int64_t>, std::uint64_t, long double> total = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      total = i == 0 ? static_cast<decltype(total)>(line[i])
                     : next(total, static_cast<decltype(total)>(line[i]));
      line[i] = static_cast<T>(total);
    }
    if (direction == Direction::backward) std::reverse(line.begin(), line.end());
    test::set_line(s, y, k, line);
  }
  return y;
}

template <class T, class Kernel>
void check(const AxisSplit& s, const Elements<T>& x, Kernel kernel, const Elements<T>& expected) {
  test::for_thread_counts([&] {
    Elements<T> y(s.numel());
    kernel(dtype_of<T>, s, x.data(), y.data());
    CHECK(test::close(y, expected, test::rounding<T>()));
  });
}

}  // namespace

TEST_CASE("running sums and products", "[ops][kernels]") {
  test::for_line_shapes([](const AxisSplit& s) {
    test::for_numbers([&]<class T>() {
      const auto x = test::random_elements<T>(s.numel(), 1);
      for (const Direction direction : {Direction::forward, Direction::backward})
        check(
            s, x,
            [direction](DType dtype, const AxisSplit& lines, const void* from, void* to) {
              detail::running_sum(dtype, lines, direction, from, to);
            },
            by_definition(
                s, x, [](auto sum, auto next) { return sum + next; }, direction));
      auto near_one = small_numbers<T>(s.numel(), 2);
      if (std::is_floating_point_v<T>)
        for (T& e : near_one) e = 1 + e / T(100);
      check(s, near_one, detail::running_product,
            by_definition(s, near_one, [](auto all, auto next) { return all * next; }));
    });
  });
}

TEST_CASE("running logarithms of sums of powers", "[ops][kernels]") {
  test::for_line_shapes([](const AxisSplit& s) {
    test::for_floats([&]<class T>() {
      const auto x = small_numbers<T>(s.numel(), 3);
      check(s, x, detail::running_logsumexp, by_definition(s, x, [](auto sum, auto next) {
              return sum == next && std::isinf(sum) ? sum
                                                    : std::log(std::exp(sum) + std::exp(next));
            }));
    });
  });
}

TEST_CASE("running extremes keep the last position", "[ops][kernels]") {
  test::for_line_shapes([](const AxisSplit& s) {
    test::for_dtypes([&]<class T>() {
      auto x = test::random_elements<T>(s.numel(), 4);
      for (const Extreme which : {Extreme::least, Extreme::largest}) {
        Elements<std::int64_t> elements(s.numel()), places(s.numel());
        for (std::int64_t k = 0; s.numel() > 0 && k < s.lines(); ++k) {
          const auto line = test::line_of(s, x, k);
          std::size_t best = 0;
          for (std::size_t i = 0; i < line.size(); ++i) {
            const T now = line[i], held = line[best];
            if (now != now ||
                (held == held && (which == Extreme::largest ? now >= held : now <= held)))
              best = i;
            const std::int64_t at = s.start_of(k) + static_cast<std::int64_t>(i) * s.inner;
            places[at] = static_cast<std::int64_t>(best);
            elements[at] = s.start_of(k) + places[at] * s.inner;
          }
        }
        test::for_thread_counts([&] {
          Elements<std::int64_t> e(s.numel()), p(s.numel());
          detail::running_extreme(dtype_of<T>, s, which, x.data(), e.data(), p.data());
          CHECK(e == elements);
          CHECK(p == places);
        });
      }
    });
  });
}

TEST_CASE("linear recurrences, both ways, with restarts", "[ops][kernels]") {
  test::for_line_shapes([](const AxisSplit& s) {
    test::for_floats([&]<class T>() {
      auto a = small_numbers<T>(s.numel(), 5);
      for (T& e : a) e /= T(20);
      const auto b = small_numbers<T>(s.numel(), 6);
      const auto anew = test::random_elements<bool>(s.numel(), 7);
      for (const Direction direction : {Direction::forward, Direction::backward})
        for (const bool restarts : {false, true}) {
          Elements<T> expected(s.numel());
          for (std::int64_t k = 0; s.numel() > 0 && k < s.lines(); ++k) {
            T total = 0;
            for (std::int64_t i = 0; i < s.size; ++i) {
              const std::int64_t along = direction == Direction::forward ? i : s.size - 1 - i,
                                 at = s.start_of(k) + along * s.inner;
              total = i == 0 || (restarts && anew[at]) ? b[at] : a[at] * total + b[at];
              expected[at] = total;
            }
          }
          test::for_thread_counts([&] {
            Elements<T> y(s.numel());
            detail::linear_recurrence(dtype_of<T>, s, direction, a.data(), b.data(),
                                      restarts ? anew.data() : nullptr, y.data());
            CHECK(test::close(y, expected, test::rounding<T>()));
          });
        }
    });
  });
}
