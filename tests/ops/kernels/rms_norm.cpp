// Root mean square norms of rows, by the definition in double.
#include "kernels/rms_norm.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::RmsNorm;
using test::Elements;

namespace {

template <class T>
double scale_of(const Elements<T>& x, const RmsNorm& s, std::int64_t row) {
  double squares = 0;
  for (std::int64_t j = 0; j < s.n; ++j) squares += std::pow(double(x[row * s.n + j]), 2);
  return 1 / std::sqrt(squares / static_cast<double>(s.n) + s.eps);
}

template <class T>
void check(const RmsNorm& s, bool weighted) {
  const auto x = test::moderate_elements<T>(s.rows * s.n, 1),
             w = test::moderate_elements<T>(s.n, 2),
             dy = test::moderate_elements<T>(s.rows * s.n, 3);
  const auto weight = [&](std::int64_t j) { return weighted ? double(w[j]) : 1.0; };
  Elements<T> value(x.size), slopes(x.size), weight_slopes(s.n);
  std::vector<double> sums(static_cast<std::size_t>(s.n), 0);
  for (std::int64_t k = 0; k < s.rows; ++k) {
    const double r = scale_of(x, s, k);
    double product = 0;
    for (std::int64_t j = 0; j < s.n; ++j)
      product += double(dy[k * s.n + j]) * weight(j) * double(x[k * s.n + j]);
    for (std::int64_t j = 0; j < s.n; ++j) {
      const std::int64_t at = k * s.n + j;
      value[at] = static_cast<T>(double(x[at]) * r * weight(j));
      slopes[at] = static_cast<T>(r * (double(dy[at]) * weight(j) -
                                       double(x[at]) * r * r * product / static_cast<double>(s.n)));
      sums[static_cast<std::size_t>(j)] += double(dy[at]) * double(x[at]) * r;
    }
  }
  for (std::int64_t j = 0; j < s.n; ++j)
    weight_slopes[j] = static_cast<T>(sums[static_cast<std::size_t>(j)]);
  const void* const given = weighted ? w.data() : nullptr;
  Elements<T> first(s.n);
  detail::rms_norm_weight_gradient(dtype_of<T>, s, x.data(), dy.data(), first.data());
  CHECK(test::close(first, weight_slopes, 8 * test::rounding<T>()));
  test::for_thread_counts([&] {
    Elements<T> y = x, dx(x.size), dweight(s.n);
    detail::rms_norm(dtype_of<T>, s, y.data(), given, y.data());
    detail::rms_norm_gradient(dtype_of<T>, s, x.data(), given, dy.data(), dx.data());
    detail::rms_norm_weight_gradient(dtype_of<T>, s, x.data(), dy.data(), dweight.data());
    CHECK(test::close(y, value, 8 * test::rounding<T>()));
    CHECK(test::close(dx, slopes, 8 * test::rounding<T>()));
    CHECK(dweight == first);
  });
}

}  // namespace

TEST_CASE("root mean square norms and their gradients", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for (const std::int64_t n : test::odd_sizes)
      for (const std::int64_t rows : {0, 1, 5, 130})
        for (const bool weighted : {false, true}) check<T>({rows, n, 1e-5}, weighted);
  });
}
