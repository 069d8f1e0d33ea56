// Norms of groups of channels and their gradients, by the definition in double.
#include "kernels/group_norm.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::GroupNorm;
using test::Elements;

namespace {

template <class T>
struct Expected {
  Elements<T> y, dx, dweight, dbias;
};

// Element i of the group `row` of a sample is of this channel.
std::int64_t channel_of(const GroupNorm& s, std::int64_t row, std::int64_t i) {
  return row % s.groups * s.channels + i / s.plane;
}

template <class T>
Expected<T> expected_of(const GroupNorm& s, const Elements<T>& x, const Elements<T>& w,
                        const Elements<T>& b, const Elements<T>& dy) {
  const std::int64_t channels = s.groups * s.channels, n = s.row();
  const auto count = static_cast<double>(n);
  Expected<T> e{Elements<T>(x.size), Elements<T>(x.size), Elements<T>(channels),
                Elements<T>(channels)};
  std::vector<double> weights(static_cast<std::size_t>(channels), 0), biases = weights;
  for (std::int64_t row = 0; row < s.samples * s.groups; ++row) {
    double sum = 0, squares = 0, up = 0, product = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += double(x[row * n + i]);
    for (std::int64_t i = 0; i < n; ++i)
      squares += std::pow(double(x[row * n + i]) - sum / count, 2);
    const double scale = 1 / std::sqrt(squares / count + s.eps);
    const auto xhat = [&](std::int64_t i) {
      return (double(x[row * n + i]) - sum / count) * scale;
    };
    const auto g = [&](std::int64_t i) {
      return double(dy[row * n + i]) * double(w[channel_of(s, row, i)]);
    };
    for (std::int64_t i = 0; i < n; ++i) up += g(i), product += g(i) * xhat(i);
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t c = channel_of(s, row, i);
      e.y[row * n + i] = static_cast<T>(xhat(i) * double(w[c]) + double(b[c]));
      e.dx[row * n + i] = static_cast<T>(scale * (g(i) - up / count - xhat(i) * product / count));
      weights[static_cast<std::size_t>(c)] += double(dy[row * n + i]) * xhat(i);
      biases[static_cast<std::size_t>(c)] += double(dy[row * n + i]);
    }
  }
  for (std::int64_t c = 0; c < channels; ++c) {
    e.dweight[c] = static_cast<T>(weights[static_cast<std::size_t>(c)]);
    e.dbias[c] = static_cast<T>(biases[static_cast<std::size_t>(c)]);
  }
  return e;
}

template <class T>
void check(const GroupNorm& s) {
  const std::int64_t channels = s.groups * s.channels, all = s.samples * s.groups * s.row();
  const auto x = test::moderate_elements<T>(all, 1), w = test::moderate_elements<T>(channels, 2),
             b = test::moderate_elements<T>(channels, 3), dy = test::moderate_elements<T>(all, 4);
  const Expected<T> e = expected_of(s, x, w, b, dy);
  const double slack = 32 * test::rounding<T>();
  Elements<T> first(channels);
  detail::group_norm_gradient(dtype_of<T>, s, x.data(), w.data(), dy.data(),
                              {nullptr, first.data(), nullptr});
  test::for_thread_counts([&] {
    Elements<T> y(all), dx(all), dweight(channels), dbias(channels);
    detail::group_norm(dtype_of<T>, s, x.data(), {w.data(), b.data()}, y.data());
    detail::group_norm_gradient(dtype_of<T>, s, x.data(), w.data(), dy.data(),
                                {dx.data(), dweight.data(), dbias.data()});
    CHECK(test::close(y, e.y, slack));
    CHECK(test::close(dx, e.dx, slack));
    CHECK(test::close(dweight, e.dweight, slack));
    CHECK(test::close(dbias, e.dbias, slack));
    CHECK(dweight == first);
  });
}

}  // namespace

TEST_CASE("norms of groups of channels and their gradients", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for (const std::int64_t plane : test::odd_sizes)
      for (const std::int64_t samples : {0, 1, 6}) {
        check<T>({samples, 2, 3, plane, 1e-3});
        check<T>({samples, 4, 1, plane, 1e-3});
      }
  });
}

TEST_CASE("norms of groups without a weight or a bias", "[ops][kernels]") {
  const GroupNorm s{2, 2, 2, 5, 1e-3};
  const auto x = test::moderate_elements<float>(40, 1);
  Elements<float> ones(4), zeros(4), y(40), plain(40);
  std::fill(ones.begin(), ones.end(), 1.0F);
  detail::group_norm(float32, s, x.data(), {ones.data(), zeros.data()}, y.data());
  detail::group_norm(float32, s, x.data(), {}, plain.data());
  CHECK(plain == y);
}
