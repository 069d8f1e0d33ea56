// Maps of few entries along lines, against the whole matrix.
#include "kernels/taps.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::AxisSplit;
using detail::TapMap;
using test::Elements;

TEST_CASE("maps by taps, and transposed", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    test::for_line_shapes(
        [](const AxisSplit& s) {
          if (s.numel() > 20000) return;
          for (const auto& [rows, taps] : {std::pair{1, 1}, {3, 2}, {9, 4}}) {
            const auto at = test::random_positions(rows * taps, s.size, true, 1);
            Elements<double> weight(at.size), matrix(rows * s.size);
            for (std::int64_t t = 0; t < at.size; ++t) {
              weight[t] = 0.25 * static_cast<double>(t % 7) - 0.5;
              if (at[t] >= 0) matrix[t / taps * s.size + at[t]] += weight[t];
            }
            const TapMap map{rows, taps, at.data(), weight.data()};
            const AxisSplit mapped{s.outer, rows, s.inner};
            const auto finite = [](std::int64_t n, unsigned seed) {
              auto x = test::random_elements<T>(n, seed);
              for (T& e : x) e = std::isfinite(e) ? e / 100 : T(0);
              return x;
            };
            const auto x = finite(s.numel(), 2), y = finite(mapped.numel(), 3);
            Elements<T> forward(mapped.numel()), back(s.numel());
            for (std::int64_t k = 0; k < s.lines(); ++k)
              for (std::int64_t i = 0; i < rows; ++i)
                for (std::int64_t j = 0; j < s.size; ++j) {
                  const auto w = static_cast<T>(matrix[i * s.size + j]);
                  const std::int64_t here = s.start_of(k) + j * s.inner,
                                     there = mapped.start_of(k) + i * s.inner;
                  forward[there] += w * x[here];
                  back[here] += w * y[there];
                }
            test::for_thread_counts([&] {
              Elements<T> a(mapped.numel()), b(s.numel());
              detail::apply_taps(dtype_of<T>, s, map, x.data(), a.data());
              detail::apply_taps_transposed(dtype_of<T>, s, map, y.data(), b.data());
              CHECK(test::close(a, forward, 4 * test::rounding<T>()));
              CHECK(test::close(b, back, 4 * test::rounding<T>()));
            });
          }
        },
        1);
  });
}
