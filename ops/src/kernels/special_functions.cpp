#include <xgrad/ops/formula/special_functions.hpp>

#include <cmath>
#include <limits>

#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/polygamma.hpp>

namespace xgrad::detail::special {
namespace {

using namespace boost::math::policies;

// NaN and infinities instead of exceptions, and no long double: one double in, one out.
using Quiet =
    policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>,
           evaluation_error<ignore_error>, promote_double<false>>;
constexpr Quiet quiet{};
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr long double sqrt_half = 0.707106781186547524400844362104849039L;

bool is_whole_from_zero_down(double x) { return x <= 0 && x == std::floor(x); }

// Below this, erfc leaves long double's range, and four terms of the asymptotic series are exact.
constexpr double far_tail = -100;

}  // namespace

double erfinv(double x) {
  if (!(std::abs(x) < 1)) return std::abs(x) == 1 ? std::copysign(infinity, x) : nan;
  return boost::math::erf_inv(x, quiet);
}
double erfcinv(double x) {
  if (!(x > 0 && x < 2)) return x == 0 ? infinity : x == 2 ? -infinity : nan;
  return boost::math::erfc_inv(x, quiet);
}

double log_ndtr(double x) {
  if (x >= -1) return double(std::log1p(-std::erfc(x * sqrt_half) / 2));
  if (!(x < far_tail)) return double(std::log(std::erfc(-x * sqrt_half) / 2));
  const double z = 1 / (x * x);
  return -x * x / 2 - std::log(-x) - 0.918938533204672741780 + std::log1p(-z * (1 - 3 * z));
}
// The normal density over its distribution function: log_ndtr's slope.
double inverse_mills(double x) {
  if (x < far_tail) {
    const double z = 1 / (x * x);
    return -x / (1 - z * (1 - 3 * z));
  }
  const long double t = x, root_of_2_over_pi = 0.797884560802865355879892119868763737L;
  return double(root_of_2_over_pi * std::exp(-t * t / 2) / std::erfc(-t * sqrt_half));
}

double lgamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}
double tgamma(double x) { return std::tgamma(x); }
double digamma(double x) {
  if (x == 0) return std::copysign(infinity, -x);
  if (std::isinf(x)) return x > 0 ? x : nan;
  if (std::isnan(x) || is_whole_from_zero_down(x)) return nan;
  return boost::math::digamma(x, quiet);
}
// Of an order so high that the term of the nearest pole is all of the sum: (-1)^(n + 1) n! / d^(n +
// 1).
double polygamma_of_high_order(double n, double x) {
  const double d = x > 0 ? x : x - std::round(x);
  int unused = 0;
  const double size = std::exp(::lgamma_r(n + 1, &unused) - (n + 1) * std::log(std::abs(d)));
  return std::fmod(n, 2) == 1 || d < 0 ? size : -size;
}
double polygamma(double n, double x) {
  if (n == 0) return digamma(x);
  if (std::isnan(x) || !(n > 0)) return nan;
  if (std::isinf(x)) return x > 0 ? 0 : nan;
  if (is_whole_from_zero_down(x)) return std::fmod(n, 2) == 1 ? infinity : nan;
  constexpr double most = 1 << 28;  // Boost multiplies the order
  return n > most ? polygamma_of_high_order(n, x) : boost::math::polygamma(int(n), x, quiet);
}

namespace {
// I of a large argument overflows before exp(-x) I does.
double scaled_bessel(int order, double x) {
  if (std::isinf(x)) return 0;
  if (x < 700) return boost::math::cyl_bessel_i(order, x, quiet) * std::exp(-x);
  const double mu = 4.0 * order * order, z = 1 / (8 * x);  // Hankel's expansion
  double term = 1, sum = 1;
  for (int k = 1; k < 8; ++k) sum += term *= -(mu - (2 * k - 1) * (2 * k - 1)) * z / k;
  return sum / std::sqrt(6.28318530717958647693 * x);
}
}  // namespace

double i0(double x) {
  if (std::isinf(x)) return infinity;
  return std::isnan(x) ? x : boost::math::cyl_bessel_i(0, std::abs(x), quiet);
}
double i1(double x) {
  if (std::isinf(x) || std::isnan(x)) return x;
  return std::copysign(boost::math::cyl_bessel_i(1, std::abs(x), quiet), x);
}
double i0e(double x) { return std::isnan(x) ? x : scaled_bessel(0, std::abs(x)); }
double i1e(double x) { return std::isnan(x) ? x : std::copysign(scaled_bessel(1, std::abs(x)), x); }

}  // namespace xgrad::detail::special
