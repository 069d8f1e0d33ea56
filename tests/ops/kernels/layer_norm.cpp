// Layer norms of rows and their gradients, by the definition in double.
#include "kernels/layer_norm.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::LayerNorm;
using test::Elements;

namespace {

struct Row {
  double mean, scale;
};
template <class T>
Row row_of(const Elements<T>& x, const LayerNorm& s, std::int64_t row) {
  double sum = 0, squares = 0;
  for (std::int64_t j = 0; j < s.n; ++j) sum += double(x[row * s.n + j]);
  const double mean = sum / static_cast<double>(s.n);
  for (std::int64_t j = 0; j < s.n; ++j) squares += std::pow(double(x[row * s.n + j]) - mean, 2);
  return {mean, 1 / std::sqrt(squares / static_cast<double>(s.n) + s.eps)};
}

template <class T>
struct Expected {
  Elements<T> y, dx, dweight, dbias;
};
template <class T>
Expected<T> expected_of(const LayerNorm& s, const Elements<T>& x, const Elements<T>& w,
                        const Elements<T>& b, const Elements<T>& dy) {
  Expected<T> e{Elements<T>(x.size), Elements<T>(x.size), Elements<T>(s.n), Elements<T>(s.n)};
  std::vector<double> weight_sums(static_cast<std::size_t>(s.n), 0), bias_sums = weight_sums;
  for (std::int64_t k = 0; k < s.rows; ++k) {
    const Row row = row_of(x, s, k);
    const auto xhat = [&](std::int64_t j) {
      return (double(x[k * s.n + j]) - row.mean) * row.scale;
    };
    const auto g = [&](std::int64_t j) { return double(dy[k * s.n + j]) * double(w[j]); };
    double sum = 0, product = 0;
    for (std::int64_t j = 0; j < s.n; ++j) sum += g(j), product += g(j) * xhat(j);
    for (std::int64_t j = 0; j < s.n; ++j) {
      const double n = static_cast<double>(s.n);
      e.y[k * s.n + j] = static_cast<T>(xhat(j) * double(w[j]) + double(b[j]));
      e.dx[k * s.n + j] = static_cast<T>(row.scale * (g(j) - sum / n - xhat(j) * product / n));
      weight_sums[static_cast<std::size_t>(j)] += double(dy[k * s.n + j]) * xhat(j);
      bias_sums[static_cast<std::size_t>(j)] += double(dy[k * s.n + j]);
    }
  }
  for (std::int64_t j = 0; j < s.n; ++j) {
    e.dweight[j] = static_cast<T>(weight_sums[static_cast<std::size_t>(j)]);
    e.dbias[j] = static_cast<T>(bias_sums[static_cast<std::size_t>(j)]);
  }
  return e;
}

template <class T>
void check(const LayerNorm& s) {
  const auto x = test::moderate_elements<T>(s.rows * s.n, 1),
             w = test::moderate_elements<T>(s.n, 2), b = test::moderate_elements<T>(s.n, 3),
             dy = test::moderate_elements<T>(s.rows * s.n, 4);
  const Expected<T> e = expected_of(s, x, w, b, dy);
  const double slack = 32 * test::rounding<T>();
  Elements<T> y(x.size), centers(2 * s.rows), first(s.n);
  detail::layer_norm(dtype_of<T>, s, x.data(), {w.data(), b.data()}, y.data(), centers.data());
  const auto gradient = [&](const detail::NormGradients& to) {
    detail::layer_norm_gradient(dtype_of<T>, s, x.data(), w.data(), centers.data(), dy.data(), to);
  };
  gradient({nullptr, first.data(), nullptr});
  test::for_thread_counts([&] {
    Elements<T> in_place = x, same(2 * s.rows), dx(x.size), alone(x.size), dweight(s.n), dbias(s.n);
    detail::layer_norm(dtype_of<T>, s, in_place.data(), {w.data(), b.data()}, in_place.data(),
                       same.data());
    gradient({dx.data(), dweight.data(), dbias.data()});
    gradient({alone.data(), nullptr, nullptr});
    CHECK(test::close(y, e.y, slack));
    CHECK(in_place == y);
    CHECK(same == centers);
    CHECK(test::close(dx, e.dx, slack));
    CHECK(alone == dx);
    CHECK(test::close(dweight, e.dweight, slack));
    CHECK(test::close(dbias, e.dbias, slack));
    CHECK(dweight == first);
  });
}

}  // namespace

TEST_CASE("layer norms of rows and their gradients", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for (const std::int64_t n : test::odd_sizes)
      for (const std::int64_t rows : {0, 1, 5, 130}) check<T>({rows, n, 1e-3});
  });
}

TEST_CASE("layer norms of rows whose squares are too large or too small", "[ops][kernels]") {
  for (const float size : {1e30F, 1e-30F}) {
    Elements<float> x(5), y(5), centers(2);
    for (std::int64_t i = 0; i < 5; ++i) x[i] = size * static_cast<float>(i - 2);
    detail::layer_norm(float32, {1, 5, 0}, x.data(), {}, y.data(), centers.data());
    for (std::int64_t i = 0; i < 5; ++i)
      CHECK(y[i] == Approx(static_cast<double>(i - 2) / std::sqrt(2.0)).epsilon(1e-6));
  }
}
