// Softmax and its gradients, against the definition in double.
#include "kernels/softmax.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::AxisSplit;
using test::Elements;

namespace {

double exact_sum(const std::vector<double>& line) {
  long double sum = 0;
  for (const double e : line) sum += e;
  return static_cast<double>(sum);
}

std::vector<double> softmax_of(std::vector<double> line) {
  double largest = -INFINITY;
  for (const double e : line) largest = e > largest || std::isnan(e) ? e : largest;
  for (double& e : line) e = std::exp(e - largest);
  const double sum = exact_sum(line);
  for (double& e : line) e /= sum;
  return line;
}
std::vector<double> log_softmax_of(std::vector<double> line) {
  double largest = -INFINITY;
  for (const double e : line) largest = e > largest || std::isnan(e) ? e : largest;
  std::vector<double> powers;
  for (const double e : line) powers.push_back(std::exp(e - largest));
  for (double& e : line) e = e - largest - std::log(exact_sum(powers));
  return line;
}

// Numbers in [-10, 10], where whole lines are not of one size; `wild` with NaN and infinities.
template <class T>
Elements<T> numbers(std::int64_t n, unsigned seed, bool wild) {
  Elements<T> x = test::random_elements<T>(n, seed);
  for (T& e : x) e = wild && !std::isfinite(e) ? e : static_cast<T>(std::isfinite(e) ? e / 100 : 0);
  return x;
}

template <class F>
void for_cases(F f) {
  test::for_line_shapes([&](const AxisSplit& s) {
    test::for_floats([&]<class T>() {
      for (const bool wild : {false, true}) f.template operator()<T>(s, wild);
    });
  });
}

template <class T, class Kernel, class Exact>
void check_value(const AxisSplit& s, bool wild, Kernel kernel, Exact exact) {
  const auto x = numbers<T>(s.numel(), 1, wild);
  Elements<T> expected(s.numel());
  for (std::int64_t k = 0; s.numel() > 0 && k < s.lines(); ++k) {
    const auto line = test::line_of(s, x, k);
    const auto y = exact(std::vector<double>(line.begin(), line.end()));
    test::set_line(s, expected, k, std::vector<T>(y.begin(), y.end()));
  }
  Elements<T> first(s.numel());
  kernel(dtype_of<T>, s, x.data(), first.data());
  CHECK(test::close(first, expected, test::rounding<T>()));
  test::for_thread_counts([&] {
    Elements<T> y = x;
    kernel(dtype_of<T>, s, y.data(), y.data());
    CHECK(y == first);
  });
}

template <class T, class Kernel, class Exact>
void check_gradient(const AxisSplit& s, bool wild, Kernel kernel, Exact exact) {
  const auto y = numbers<T>(s.numel(), 2, wild), dy = numbers<T>(s.numel(), 3, wild);
  Elements<T> expected(s.numel());
  for (std::int64_t k = 0; s.numel() > 0 && k < s.lines(); ++k) {
    const auto a = test::line_of(s, y, k), b = test::line_of(s, dy, k);
    std::vector<double> products, dx;
    for (std::size_t i = 0; i < a.size(); ++i)
      products.push_back(exact.term(static_cast<double>(a[i]), static_cast<double>(b[i])));
    const double sum = exact_sum(products);
    for (std::size_t i = 0; i < a.size(); ++i)
      dx.push_back(exact.dx(static_cast<double>(a[i]), static_cast<double>(b[i]), sum));
    test::set_line(s, expected, k, std::vector<T>(dx.begin(), dx.end()));
  }
  Elements<T> first(s.numel());
  kernel(dtype_of<T>, s, y.data(), dy.data(), first.data());
  CHECK(test::close(first, expected, 1e4 * test::rounding<T>()));  // sums of 1000 products
  test::for_thread_counts([&] {
    Elements<T> dx(s.numel());
    kernel(dtype_of<T>, s, y.data(), dy.data(), dx.data());
    CHECK(dx == first);
  });
}

struct SoftmaxRule {
  double term(double y, double dy) const { return y * dy; }
  double dx(double y, double dy, double sum) const { return y * (dy - sum); }
};
struct LogSoftmaxRule {
  double term(double, double dy) const { return dy; }
  double dx(double y, double dy, double sum) const { return dy - std::exp(y) * sum; }
};

}  // namespace

TEST_CASE("softmax along lines", "[ops][kernels]") {
  for_cases([]<class T>(const AxisSplit& s, bool wild) {
    check_value<T>(s, wild, detail::softmax, softmax_of);
    check_value<T>(s, wild, detail::log_softmax, log_softmax_of);
  });
}

TEST_CASE("gradients of softmax along lines", "[ops][kernels]") {
  for_cases([]<class T>(const AxisSplit& s, bool) {
    check_gradient<T>(s, false, detail::softmax_gradient, SoftmaxRule());
    check_gradient<T>(s, false, detail::log_softmax_gradient, LogSoftmaxRule());
  });
}

TEST_CASE("softmax of numbers that would overflow", "[ops][kernels]") {
  const double x[] = {1000, 1001, -1e308}, whole[] = {-INFINITY, -INFINITY};
  double y[3];
  detail::softmax(float64, {1, 3, 1}, x, y);
  CHECK(y[0] + y[1] == Approx(1));
  CHECK(y[2] == 0);
  detail::softmax(float64, {1, 2, 1}, whole, y);
  CHECK((std::isnan(y[0]) && std::isnan(y[1])));
}

TEST_CASE("the softmax of a line has the same bits wherever the line lies", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for (const std::int64_t n : {5, 16, 27, 50}) {
      const auto line = numbers<T>(n, 4, false);
      const AxisSplit s{37, n, 1};
      Elements<T> x(s.numel()), y(s.numel());
      for (std::int64_t k = 0; k < s.outer; ++k)
        test::set_line(s, x, k, {line.begin(), line.end()});
      detail::softmax(dtype_of<T>, s, x.data(), y.data());
      for (std::int64_t k = 1; k < s.outer; ++k)
        CHECK(test::line_of(s, y, k) == test::line_of(s, y, 0));
    }
  });
}
