// Factorisations and systems of matrices: elimination and Cholesky's recursion by plain loops, and
// the products that factors give.
#include "kernels/factor.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::Failure;
using test::Elements;

namespace {

constexpr std::int64_t batch = 3;

// Random elements in [-1, 1], and `more` on the diagonal.
template <class T>
Elements<T> matrices(std::int64_t m, std::int64_t n, unsigned seed, double more = 0) {
  auto x = test::random_elements<T>(batch * m * n, seed);
  for (T& e : x) e = std::isfinite(e) ? e / 1000 : T(0.5);
  for (std::int64_t z = 0; z < batch; ++z)
    for (std::int64_t i = 0; i < std::min(m, n); ++i)
      x[(z * m + i) * n + i] += static_cast<T>(more);
  return x;
}

template <class T>
double element(const Elements<T>& x, std::int64_t z, std::int64_t m, std::int64_t n, std::int64_t i,
               std::int64_t j) {
  return static_cast<double>(x[(z * m + i) * n + j]);
}

// a (m, k) b (k, n) of matrix z, as doubles; `transposed`: b lies as (n, k).
template <class T>
Elements<T> product(const Elements<T>& a, const Elements<T>& b, std::int64_t m, std::int64_t k,
                    std::int64_t n, bool transposed = false) {
  Elements<T> c(batch * m * n);
  for (std::int64_t z = 0; z < batch; ++z)
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < n; ++j) {
        double sum = 0;
        for (std::int64_t p = 0; p < k; ++p)
          sum += element(a, z, m, k, i, p) *
                 (transposed ? element(b, z, n, k, j, p) : element(b, z, k, n, p, j));
        c[(z * m + i) * n + j] = static_cast<T>(sum);
      }
  return c;
}

template <class T>
Elements<T> identity(std::int64_t n) {
  Elements<T> x(batch * n * n);
  for (std::int64_t i = 0; i < batch * n; ++i) x[i * n + i % n] = 1;
  return x;
}

// The rows of each matrix in the reverse order: n / 2 exchanges of two.
template <class T>
Elements<T> rows_turned(const Elements<T>& x, std::int64_t m, std::int64_t n) {
  Elements<T> y(x.size);
  for (std::int64_t i = 0; i < x.size; ++i) {
    const std::int64_t row = i / n % m;
    y[i + (m - 1 - 2 * row) * n] = x[i];
  }
  return y;
}

template <class T>
bool near(const Elements<T>& a, const Elements<T>& b) {
  return test::close(a, b, 64 * test::rounding<T>());
}

template <class F>
void for_cases(F f) {
  test::for_floats([&]<class T>() {
    for (const std::int64_t n : {1, 2, 3, 8, 17}) f.template operator()<T>(n);
  });
}

}  // namespace

TEST_CASE("cholesky, by its recursion", "[ops][kernels]") {
  for_cases([]<class T>(std::int64_t n) {
    const auto x = matrices<T>(n, n, 1, 2);
    const auto a = product(x, x, n, n, n, true);
    Elements<T> expected(a.size), l(a.size);
    for (std::int64_t z = 0; z < batch; ++z)
      for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = 0; j <= i; ++j) {
          double sum = element(a, z, n, n, i, j);
          for (std::int64_t p = 0; p < j; ++p)
            sum -= element(expected, z, n, n, i, p) * element(expected, z, n, n, j, p);
          expected[(z * n + i) * n + j] =
              static_cast<T>(i == j ? std::sqrt(sum) : sum / element(expected, z, n, n, j, j));
        }
    CHECK(!detail::cholesky(dtype_of<T>, batch, n, a.data(), l.data()));
    CHECK(near(l, expected));
    Elements<T> bad = a;
    bad[n * n] = -1;
    const Failure failure = detail::cholesky(dtype_of<T>, batch, n, bad.data(), l.data());
    CHECK((failure && failure.matrix == 1 && failure.info == 1));
  });
}

TEST_CASE("systems and determinants, by elimination", "[ops][kernels]") {
  for_cases([]<class T>(std::int64_t n) {
    const std::int64_t k = 4;
    auto a = matrices<T>(n, n, 2, 3), b = matrices<T>(n, k, 3);
    Elements<double> u(a.size), y(b.size);
    std::copy(a.begin(), a.end(), u.begin());
    std::copy(b.begin(), b.end(), y.begin());
    Elements<T> determinant(batch), sign(batch), logabs(batch), x(b.size), expected(b.size);
    for (std::int64_t z = 0; z < batch; ++z) {
      double* const m = u.data() + z * n * n;
      double* const side = y.data() + z * n * k;
      double product = 1;
      for (std::int64_t p = 0; p < n; ++p) {  // the diagonal is large: no exchanges
        product *= m[p * n + p];
        for (std::int64_t i = 0; i < n; ++i) {
          if (i == p) continue;
          const double factor = m[i * n + p] / m[p * n + p];
          for (std::int64_t j = 0; j < n; ++j) m[i * n + j] -= factor * m[p * n + j];
          for (std::int64_t j = 0; j < k; ++j) side[i * k + j] -= factor * side[p * k + j];
        }
      }
      for (std::int64_t i = 0; i < n * k; ++i)
        expected[z * n * k + i] = static_cast<T>(side[i] / m[i / k * n + i / k]);
      determinant[z] = static_cast<T>(product);
    }
    CHECK(!detail::solve(dtype_of<T>, batch, n, k, a.data(), b.data(), x.data()));
    CHECK(near(x, expected));
    Elements<T> value(batch);
    detail::determinants(dtype_of<T>, batch, n, a.data(), sign.data(), logabs.data(), value.data());
    CHECK(near(value, determinant));
    for (std::int64_t z = 0; z < batch; ++z)
      CHECK(static_cast<double>(sign[z] * std::exp(logabs[z])) ==
            Approx(static_cast<double>(value[z])).epsilon(1e-4));
    const auto turned = rows_turned(a, n, n), sides = rows_turned(b, n, k);
    CHECK(!detail::solve(dtype_of<T>, batch, n, k, turned.data(), sides.data(), x.data()));
    CHECK(near(x, expected));
    for (T& e : determinant) e *= n / 2 % 2 == 0 ? T(1) : T(-1);
    detail::determinants(dtype_of<T>, batch, n, turned.data(), sign.data(), logabs.data(),
                         value.data());
    CHECK(near(value, determinant));
    for (std::int64_t z = 0; z < batch; ++z) CHECK(sign[z] == (determinant[z] < 0 ? T(-1) : T(1)));
    std::fill_n(a.data(), n, T(0));  // a row that elimination leaves for the end
    const Failure failure = detail::solve(dtype_of<T>, batch, n, k, a.data(), b.data(), x.data());
    CHECK((failure && failure.matrix == 0 && failure.info == n));
    detail::determinants(dtype_of<T>, batch, n, a.data(), sign.data(), logabs.data(), value.data());
    CHECK((sign[0] == 0 && value[0] == 0 && logabs[0] == -INFINITY));
  });
}

TEST_CASE("triangular systems, by substitution", "[ops][kernels]") {
  for_cases([]<class T>(std::int64_t n) {
    const std::int64_t k = 3;
    const auto a = matrices<T>(n, n, 4, 3), b = matrices<T>(n, k, 5);
    for (const bool upper : {false, true})
      for (const bool unit : {false, true}) {
        Elements<T> x(b.size), expected(b.size);
        for (std::int64_t z = 0; z < batch; ++z)
          for (std::int64_t c = 0; c < k; ++c)
            for (std::int64_t step = 0; step < n; ++step) {
              const std::int64_t i = upper ? n - 1 - step : step;
              double sum = element(b, z, n, k, i, c);
              for (std::int64_t j = 0; j < n; ++j)
                if (upper ? j > i : j < i)
                  sum -= element(a, z, n, n, i, j) * element(expected, z, n, k, j, c);
              expected[(z * n + i) * k + c] =
                  static_cast<T>(unit ? sum : sum / element(a, z, n, n, i, i));
            }
        CHECK(!detail::solve_triangular(dtype_of<T>, batch, n, k, upper, unit, a.data(), b.data(),
                                        x.data()));
        CHECK(test::close(x, expected, 1e4 * test::rounding<T>()));
        Elements<T> singular = a;
        singular[2 * n * n - 1] = 0;  // the last on the diagonal of matrix 1
        const Failure failure = detail::solve_triangular(dtype_of<T>, batch, n, k, upper, unit,
                                                         singular.data(), b.data(), x.data());
        CHECK(bool(failure) == !unit);
        if (!unit) CHECK((failure.matrix == 1 && failure.info == n));
      }
  });
}

TEST_CASE("eigenvalues and vectors give the matrix again", "[ops][kernels]") {
  for_cases([]<class T>(std::int64_t n) {
    const auto x = matrices<T>(n, n, 6);
    Elements<T> a(x.size), w(batch * n), v(x.size);
    for (std::int64_t z = 0; z < batch; ++z)
      for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = 0; j < n; ++j)
          a[(z * n + i) * n + j] = x[(z * n + std::max(i, j)) * n + std::min(i, j)];
    for (const char uplo : {'L', 'U'}) {
      CHECK(!detail::eigh(dtype_of<T>, batch, n, uplo, a.data(), w.data(), v.data()));
      Elements<T> scaled = v;
      for (std::int64_t k = 0; k < v.size; ++k) scaled[k] *= w[k / (n * n) * n + k % n];
      CHECK(near(product(scaled, v, n, n, n, true), a));
      CHECK(near(product(v, v, n, n, n, true), identity<T>(n)));
      for (std::int64_t k = 1; k < w.size; ++k) CHECK((k % n == 0 || w[k] >= w[k - 1]));
    }
  });
}

TEST_CASE("singular values and vectors give the matrix again", "[ops][kernels]") {
  for_cases([]<class T>(std::int64_t n) {
    for (const std::int64_t m : {n, n + 3, std::max<std::int64_t>(1, n - 2)})
      for (const bool full : {false, true}) {
        const std::int64_t k = std::min(m, n), columns = full ? m : k, rows = full ? n : k;
        const auto a = matrices<T>(m, n, 7);
        Elements<T> u(batch * m * columns), s(batch * k), vh(batch * rows * n),
            scaled(batch * k * n);
        CHECK(
            !detail::svd(dtype_of<T>, batch, m, n, full, a.data(), u.data(), s.data(), vh.data()));
        Elements<T> left(batch * m * k);
        for (std::int64_t z = 0; z < batch; ++z) {
          for (std::int64_t i = 0; i < m * k; ++i)
            left[z * m * k + i] = u[z * m * columns + i / k * columns + i % k];
          for (std::int64_t i = 0; i < k * n; ++i)
            scaled[z * k * n + i] = s[z * k + i / n] * vh[z * rows * n + i];
        }
        CHECK(near(product(left, scaled, m, k, n), a));
        CHECK(near(product(vh, vh, rows, n, rows, true), identity<T>(rows)));
      }
  });
}

TEST_CASE("q and r give the matrix again", "[ops][kernels]") {
  for_cases([]<class T>(std::int64_t n) {
    for (const std::int64_t m : {n, n + 3})
      for (const std::int64_t k : {n, m}) {
        const auto a = matrices<T>(m, n, 8);
        Elements<T> q(batch * m * k), r(batch * k * n);
        detail::qr(dtype_of<T>, batch, m, n, k, a.data(), q.data(), r.data());
        CHECK(near(product(q, r, m, k, n), a));
        Elements<T> turned(batch * k * m);
        for (std::int64_t z = 0; z < batch; ++z)
          for (std::int64_t i = 0; i < m * k; ++i)
            turned[z * m * k + i % k * m + i / k] = q[z * m * k + i];
        CHECK(near(product(turned, turned, k, m, k, true), identity<T>(k)));
        for (std::int64_t i = 0; i < r.size; ++i) {
          const std::int64_t row = i / n % k, column = i % n;
          CHECK((row > column ? r[i] == 0 : row < column || r[i] >= 0));
        }
      }
  });
}

TEST_CASE("an element that is not finite is found", "[ops][kernels]") {
  const double x[] = {1, -2, INFINITY, NAN};
  CHECK(detail::find_not_finite(float64, 2, x) == 0);
  CHECK(detail::find_not_finite(float64, 0, x) == 0);
  CHECK(std::isinf(detail::find_not_finite(float64, 4, x)));
  CHECK(std::isnan(detail::find_not_finite(float64, 1, x + 3)));
}
