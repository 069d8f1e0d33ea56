// Reductions of lines, against a loop over each line.
#include "kernels/reduce.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::AxisSplit;
using test::Elements;

TEST_CASE("products of lines, and their gradients", "[ops][kernels]") {
  test::for_line_shapes([](const AxisSplit& s) {
    test::for_numbers([&]<class T>() {
      auto x = test::random_elements<T>(s.numel(), 2);
      const auto dy = test::random_elements<T>(s.lines(), 3);
      if (std::is_floating_point_v<T>)  // products near 1, with a 0 here and there
        for (T& e : x) e = static_cast<T>(static_cast<int>(e * 1000) % 500 == 0 ? 0 : 1 + e / 5e4);
      Elements<T> product(s.lines()), y(s.lines());
      for (std::int64_t k = 0; k < s.lines(); ++k) {
        product[k] = T(1);
        for (const T e : test::line_of(s, x, k)) {
          if constexpr (std::is_same_v<T, std::int64_t>)
            product[k] = static_cast<T>(static_cast<std::uint64_t>(product[k]) *
                                        static_cast<std::uint64_t>(e));
          else
            product[k] *= e;
        }
      }
      detail::reduce_to_product(dtype_of<T>, s, x.data(), y.data());
      CHECK(test::close(y, product, static_cast<double>(s.size) * test::rounding<T>()));
      if constexpr (std::is_floating_point_v<T>) {
        Elements<T> expected(s.numel());
        for (std::int64_t k = 0; s.size <= 40 && k < s.lines(); ++k)
          for (std::int64_t i = 0; i < s.size; ++i) {
            double others = static_cast<double>(dy[k]);
            for (std::int64_t j = 0; j < s.size; ++j)
              if (j != i) others *= static_cast<double>(x[s.start_of(k) + j * s.inner]);
            expected[s.start_of(k) + i * s.inner] = static_cast<T>(others);
          }
        test::for_thread_counts([&] {
          Elements<T> dx(s.numel());
          detail::product_gradient(dtype_of<T>, s, x.data(), dy.data(), dx.data());
          if (s.size <= 40) CHECK(test::close(dx, expected, 4 * test::rounding<T>()));
        });
      }
    });
  });
}

TEST_CASE("elements divided by a number", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for (const std::int64_t n : test::odd_sizes) {
      auto y = test::random_elements<T>(n, 4), expected = y;
      for (T& e : expected) e = e / T(3);
      detail::divide_by(dtype_of<T>, 3, n, y.data());
      CHECK(test::close(y, expected, 0));
    }
  });
}

TEST_CASE("sums of the squares of rows", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for (const std::int64_t n : {0, 1, 2, 7, 33, 1000, 40000})
      for (const std::int64_t rows : {0, 1, 3, 70}) {
        const auto x = test::moderate_elements<T>(rows * n, 5);
        Elements<T> expected(rows);
        for (std::int64_t r = 0; r < rows; ++r) {
          double sum = 0;
          for (std::int64_t i = 0; i < n; ++i) sum += std::pow(double(x[r * n + i]), 2);
          expected[r] = static_cast<T>(sum);
        }
        test::for_thread_counts([&] {
          Elements<T> y(rows);
          detail::reduce_to_squares(dtype_of<T>, rows, n, x.data(), y.data());
          CHECK(test::close(y, expected, 64 * test::rounding<T>()));
        });
      }
  });
}
