// Batch norms of channels and their gradients, by the definition in double.
#include "kernels/batch_norm.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::AxisSplit;
using detail::ChannelNorm;
using test::Elements;

namespace {

constexpr double eps = 1e-3;

template <class T>
struct Expected {
  Elements<T> mean, var, y, dx, dweight, dbias;
};
template <class T>
struct Given {
  Elements<T> x, dy, w, b;
};

// One channel.
template <class T>
void expect(const AxisSplit& s, const Given<T>& g, std::int64_t c, Expected<T>& e) {
  std::vector<std::int64_t> places;
  for (std::int64_t o = 0; o < s.outer; ++o)
    for (std::int64_t i = 0; i < s.inner; ++i) places.push_back((o * s.size + c) * s.inner + i);
  const auto n = static_cast<double>(places.size());
  double sum = 0, squares = 0, up = 0, product = 0;
  for (const std::int64_t at : places) sum += double(g.x[at]);
  const double mean = sum / n;
  for (const std::int64_t at : places) squares += std::pow(double(g.x[at]) - mean, 2);
  const double var = squares / n, r = 1 / std::sqrt(var + eps);
  const auto xhat = [&](std::int64_t at) { return (double(g.x[at]) - mean) * r; };
  for (const std::int64_t at : places)
    up += double(g.dy[at]), product += double(g.dy[at]) * xhat(at);
  for (const std::int64_t at : places) {
    e.y[at] = static_cast<T>(xhat(at) * double(g.w[c]) + double(g.b[c]));
    e.dx[at] =
        static_cast<T>(double(g.w[c]) * r * (double(g.dy[at]) - up / n - xhat(at) * product / n));
  }
  e.mean[c] = static_cast<T>(mean);
  e.var[c] = static_cast<T>(var);
  e.dweight[c] = static_cast<T>(product);
  e.dbias[c] = static_cast<T>(up);
}

template <class T>
void check(const AxisSplit& s) {
  const std::int64_t n = s.numel(), channels = s.size;
  const Given<T> g{test::moderate_elements<T>(n, 1), test::moderate_elements<T>(n, 2),
                   test::moderate_elements<T>(channels, 3),
                   test::moderate_elements<T>(channels, 4)};
  Expected<T> e{Elements<T>(channels), Elements<T>(channels), Elements<T>(n),
                Elements<T>(n),        Elements<T>(channels), Elements<T>(channels)};
  for (std::int64_t c = 0; c < channels; ++c) expect(s, g, c, e);
  const double slack = 32 * test::rounding<T>();
  test::for_thread_counts([&] {
    Elements<T> mean(channels), var(channels), y = g.x, dx(n), dweight(channels), dbias(channels);
    detail::channel_moments(dtype_of<T>, s, g.x.data(), mean.data(), var.data());
    const ChannelNorm norm{mean.data(), var.data(), g.w.data(), g.b.data(), eps};
    detail::batch_norm(dtype_of<T>, s, norm, y.data(), y.data());
    detail::batch_norm_gradient(dtype_of<T>, s, norm, g.x.data(), g.dy.data(), dx.data(),
                                dweight.data(), dbias.data());
    CHECK(test::close(mean, e.mean, slack));
    CHECK(test::close(var, e.var, slack));
    CHECK(test::close(y, e.y, slack));
    CHECK(test::close(dx, e.dx, slack));
    CHECK(test::close(dweight, e.dweight, slack));
    CHECK(test::close(dbias, e.dbias, slack));
    Elements<T> same(channels), again(channels);
    detail::batch_norm_gradient(dtype_of<T>, s, norm, g.x.data(), g.dy.data(), nullptr, same.data(),
                                again.data());
    CHECK(same == dweight);
    CHECK(again == dbias);
  });
}

}  // namespace

TEST_CASE("batch norms of channels and their gradients", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for (const AxisSplit& s : {AxisSplit{1, 1, 7}, AxisSplit{5, 3, 1}, AxisSplit{4, 3, 33},
                               AxisSplit{2, 40, 500}, AxisSplit{6, 0, 4}})
      check<T>(s);
  });
}
