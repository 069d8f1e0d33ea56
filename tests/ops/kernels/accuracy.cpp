// The largest error of each function, in units in the last place, against long double; and the
// values that C gives for infinities, NaN and signed zeros. docs/functions.md shows the bounds.
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <sstream>

#include <fmt/format.h>
#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include <xgrad/ops/pointwise.hpp>
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/trial.hpp"

using namespace xgrad;

namespace {

using Exact = long double;

template <class T>
double ulps(T value, Exact exact) {
  if (std::isnan(value) && std::isnan(exact)) return 0;
  if (static_cast<Exact>(value) == exact) return 0;
  const T near = static_cast<T>(exact);
  if (std::isinf(near) || std::isinf(value)) return value == near ? 0 : INFINITY;
  const T spacing =
      std::nextafter(std::abs(near), std::numeric_limits<T>::infinity()) - std::abs(near);
  return static_cast<double>(std::abs(static_cast<Exact>(value) - exact) /
                             static_cast<Exact>(spacing));
}

struct Range {
  double low, high;
};
struct Row {
  const char* name;
  Tensor (*op)(Operand);
  Exact (*exact)(Exact);
  Range single;  // float32
  double single_bound;
  Range both;  // float64
  double both_bound;
};

template <class T>
double worst(const Row& row, const Range& range) {
  const Tensor x = test::uniform({40001}, range.low, range.high, 3, dtype_of<T>);
  const Tensor y = row.op(x);
  double most = 0;
  for (std::int64_t i = 0; i < x.numel(); ++i)
    most = std::max(most, ulps<T>(y.data<T>()[i], row.exact(static_cast<Exact>(x.data<T>()[i]))));
  return most;
}

Tensor cbrt_op(Operand x) {
  static const auto op = pointwise("cbrt", [](auto v) { return cbrt(v); });
  return op(x);
}
Tensor softplus_op(Operand x) { return softplus(x, 1, INFINITY); }
Tensor gelu_op(Operand x) { return gelu(x); }
Tensor gelu_tanh_op(Operand x) { return gelu(x, "tanh"); }
Tensor elu_op(Operand x) { return elu(x); }

Exact exact_sigmoid(Exact x) { return 1 / (1 + std::exp(-x)); }
Exact exact_softplus(Exact x) { return std::max(x, Exact(0)) + std::log1p(std::exp(-std::abs(x))); }
Exact exact_gelu(Exact x) { return x / 2 * std::erfc(-x * std::sqrt(Exact(0.5))); }
Exact exact_gelu_tanh(Exact x) {
  return x * exact_sigmoid(2 * std::sqrt(2 / std::acos(Exact(-1))) * (x + 0.044715L * x * x * x));
}
Exact exact_selu(Exact x) {
  return 1.05070098735548049342L * (x > 0 ? x : 1.67326324235437728482L * std::expm1(x));
}

Tensor trigamma_op(Operand x) { return polygamma(1, x); }
Tensor logit_op(Operand x) { return logit(x); }
Tensor celu_op(Operand x) { return celu(x, 1.5); }

const Exact pi = std::acos(Exact(-1)), root_half = std::sqrt(Exact(0.5));
Exact exact_ndtr(Exact x) { return std::erfc(-x * root_half) / 2; }
Exact exact_i0(Exact x) { return boost::math::cyl_bessel_i(0, x); }
Exact exact_i1(Exact x) { return boost::math::cyl_bessel_i(1, x); }
Exact exact_sinc(Exact x) { return x == 0 ? 1 : std::sin(pi * x) / (pi * x); }
Exact exact_entr(Exact x) { return -x * std::log(x); }

const Row rows[] = {
    {"exp", exp, std::exp, {-87, 88}, 1, {-708, 709}, 1},
    {"exp2", exp2, std::exp2, {-126, 127}, 1, {-1022, 1023}, 1},
    {"expm1", expm1, std::expm1, {-20, 88}, 1, {-40, 709}, 1},
    {"expm1 near 0", expm1, std::expm1, {-0.1, 0.1}, 1, {-0.1, 0.1}, 1},
    {"log", log, std::log, {1e-3, 1e6}, 1, {1e-3, 1e6}, 1},
    {"log near 1", log, std::log, {0.9, 1.1}, 1, {0.9, 1.1}, 1},
    {"log1p", log1p, std::log1p, {-0.99, 1e6}, 1, {-0.99, 1e6}, 1},
    {"log1p near 0", log1p, std::log1p, {-0.1, 0.1}, 1, {-0.1, 0.1}, 1},
    {"log1p, largest", log1p, std::log1p, {1e30, 3.4e38}, 1.5, {1e300, 1.7e308}, 1.5},
    {"log2", log2, std::log2, {1e-3, 1e6}, 1, {1e-3, 1e6}, 1},
    {"log10", log10, std::log10, {1e-3, 1e6}, 1, {1e-3, 1e6}, 1},
    {"sqrt", sqrt, std::sqrt, {0, 1e6}, 0.5, {0, 1e6}, 0.5},
    {"rsqrt", rsqrt, [](Exact x) { return 1 / std::sqrt(x); }, {1e-3, 1e6}, 1.5, {1e-3, 1e6}, 1.5},
    {"cbrt", cbrt_op, std::cbrt, {-1e6, 1e6}, 1, {-1e6, 1e6}, 1},
    {"sin", sin, std::sin, {-10, 10}, 1, {-10, 10}, 1},
    {"sin, far", sin, std::sin, {-1e5, 1e5}, 1, {-1e5, 1e5}, 1},
    {"cos", cos, std::cos, {-10, 10}, 1, {-10, 10}, 1},
    {"cos, far", cos, std::cos, {-1e5, 1e5}, 1, {-1e5, 1e5}, 1},
    {"tan", tan, std::tan, {-10, 10}, 1, {-10, 10}, 1},
    {"asin", asin, std::asin, {-1, 1}, 1, {-1, 1}, 1},
    {"acos", acos, std::acos, {-1, 1}, 1, {-1, 1}, 1},
    {"atan", atan, std::atan, {-100, 100}, 1, {-100, 100}, 1},
    {"sinh", sinh, std::sinh, {-80, 80}, 1, {-700, 700}, 1},
    {"sinh near 0", sinh, std::sinh, {-0.1, 0.1}, 1, {-0.1, 0.1}, 1},
    {"sinh, largest", sinh, std::sinh, {80, 89.4}, 2, {700, 710.4}, 2},
    {"cosh", cosh, std::cosh, {-80, 80}, 1, {-700, 700}, 1},
    {"cosh, largest", cosh, std::cosh, {80, 89.4}, 2, {700, 710.4}, 2},
    {"tanh", tanh, std::tanh, {-10, 10}, 2.5, {-20, 20}, 2.5},
    {"tanh near 0", tanh, std::tanh, {-0.1, 0.1}, 2.5, {-0.1, 0.1}, 2.5},
    {"asinh", asinh, std::asinh, {-1e3, 1e3}, 1, {-1e3, 1e3}, 1},
    {"asinh near 0", asinh, std::asinh, {-0.1, 0.1}, 1, {-0.1, 0.1}, 1},
    {"acosh", acosh, std::acosh, {1, 1e3}, 1, {1, 1e3}, 1},
    {"acosh near 1", acosh, std::acosh, {1, 1.1}, 1, {1, 1.1}, 1},
    {"atanh", atanh, std::atanh, {-1, 1}, 1, {-1, 1}, 1},
    {"erf", erf, std::erf, {-4, 4}, 1, {-6, 6}, 1},
    {"erfc", erfc, std::erfc, {-4, 9}, 2, {-4, 26}, 2},
    {"sigmoid", sigmoid, exact_sigmoid, {-80, 20}, 2.5, {-700, 40}, 2.5},
    {"softplus", softplus_op, exact_softplus, {-80, 80}, 2, {-700, 700}, 2},
    {"logsigmoid",
     logsigmoid,
     [](Exact x) { return -exact_softplus(-x); },
     {-80, 80},
     2,
     {-700, 700},
     2},
    {"gelu", gelu_op, exact_gelu, {-3, 8}, 11, {-3, 8}, 13},
    {"gelu, tail", gelu_op, exact_gelu, {-12, -3}, 11, {-35, -3}, 1600},
    {"gelu tanh", gelu_tanh_op, exact_gelu_tanh, {0, 8}, 2, {0, 8}, 2},
    {"silu", silu, [](Exact x) { return x * exact_sigmoid(x); }, {-80, 80}, 2.5, {-700, 700}, 2.5},
    {"mish",
     mish,
     [](Exact x) { return x * std::tanh(exact_softplus(x)); },
     {-80, 80},
     3,
     {-700, 700},
     3},
    {"elu", elu_op, [](Exact x) { return x > 0 ? x : std::expm1(x); }, {-20, 20}, 1, {-40, 40}, 1},
    {"selu", selu, exact_selu, {-20, 20}, 2, {-40, 40}, 2.5},
    {"celu",
     celu_op,
     [](Exact x) { return x > 0 ? x : 1.5L * std::expm1(x / 1.5L); },
     {-20, 20},
     2,
     {-40, 40},
     2},
    {"softsign",
     softsign,
     [](Exact x) { return x / (1 + std::abs(x)); },
     {-100, 100},
     1.5,
     {-100, 100},
     1.5},
    {"tanhshrink", tanhshrink, [](Exact x) { return x - std::tanh(x); }, {1, 20}, 5, {1, 20}, 5},
    {"hardsigmoid",
     hardsigmoid,
     [](Exact x) { return x / 6 + 0.5L; },
     {-2.9, 2.9},
     6,
     {-2.9, 2.9},
     6},
    {"hardswish",
     hardswish,
     [](Exact x) { return x * (x + 3) / 6; },
     {-2.9, 2.9},
     2,
     {-2.9, 2.9},
     2},
    {"deg2rad", deg2rad, [](Exact x) { return x * pi / 180; }, {-360, 360}, 1, {-360, 360}, 1},
    {"rad2deg", rad2deg, [](Exact x) { return x * 180 / pi; }, {-7, 7}, 1, {-7, 7}, 1},
    {"squareplus",
     squareplus,
     [](Exact x) { return (x + std::sqrt(x * x + 4)) / 2; },
     {0, 100},
     2,
     {0, 100},
     2},
    {"erfinv",
     erfinv,
     [](Exact x) { return boost::math::erf_inv(x); },
     {-0.99, 0.99},
     1,
     {-0.99, 0.3},
     99},
    {"ndtr", ndtr, exact_ndtr, {-5, 5}, 9, {-5, 5}, 32},
    {"ndtri",
     ndtri,
     [](Exact x) { return -std::sqrt(Exact(2)) * boost::math::erfc_inv(2 * x); },
     {0.01, 0.99},
     2,
     {0.01, 0.4},
     99},
    {"special::log_ndtr",
     special::log_ndtr,
     [](Exact x) { return x < -1 ? std::log(exact_ndtr(x)) : std::log1p(-exact_ndtr(-x)); },
     {-90, 5},
     1,
     {-90, 5},
     1},
    {"special::entr", special::entr, exact_entr, {0.001, 10}, 1.5, {0.001, 10}, 1.5},
    {"lgamma", lgamma, std::lgamma, {0.001, 100}, 1, {0.001, 100}, 2.5},
    {"digamma",
     digamma,
     [](Exact x) { return boost::math::digamma(x); },
     {2, 1000},
     1,
     {2, 1000},
     2.5},
    {"polygamma",
     trigamma_op,
     [](Exact x) { return boost::math::trigamma(x); },
     {0.01, 100},
     1,
     {0.01, 100},
     2},
    {"i0", i0, exact_i0, {-30, 30}, 1, {-30, 30}, 5},
    {"special::i1", special::i1, exact_i1, {-30, 30}, 1, {-30, 30}, 5.5},
    {"special::i0e",
     special::i0e,
     [](Exact x) { return exact_i0(x) * std::exp(-std::abs(x)); },
     {-1000, 1000},
     1,
     {-1000, 1000},
     6},
    {"special::i1e",
     special::i1e,
     [](Exact x) { return exact_i1(x) * std::exp(-std::abs(x)); },
     {-1000, 1000},
     1,
     {-1000, 1000},
     6.5},
    {"sinc", sinc, exact_sinc, {-0.9, 0.9}, 12, {-0.9, 0.9}, 12},
    {"logit",
     logit_op,
     [](Exact x) { return std::log(x / (1 - x)); },
     {0.001, 0.999},
     3,
     {0.001, 0.93},
     99},
    {"logit near 1/2",
     logit_op,
     [](Exact x) { return std::log1p((2 * x - 1) / (1 - x)); },
     {0.49, 0.51},
     2.5,
     {0.49, 0.51},
     2.5},
};

std::string line_of(const Row& r) {
  return fmt::format("| {} | [{}, {}] | {} | [{}, {}] | {} |", r.name, r.single.low, r.single.high,
                     r.single_bound, r.both.low, r.both.high, r.both_bound);
}

std::string documentation() {
  std::ifstream file(XGRAD_TEST_DOCS "/functions.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("functions are within their stated error, which the docs show", "[ops][ulp]") {
  const std::string text = documentation();
  for (const Row& r : rows) {
    test::trial(r.name, [&] {
      CHECK(worst<float>(r, r.single) <= r.single_bound);
      CHECK(worst<double>(r, r.both) <= r.both_bound);
      INFO(line_of(r));
      CHECK(text.find(line_of(r)) != std::string::npos);
    });
  }
}

TEST_CASE("prints the rows of docs/functions.md, and what was measured", "[.ulp-table]") {
  for (const Row& r : rows)
    fmt::print("{}  measured {:.2f}, {:.2f}\n", line_of(r), worst<float>(r, r.single),
               worst<double>(r, r.both));
}

namespace {

struct RowOfTwo {
  const char* name;
  Tensor (*op)(Operand, Operand);
  Exact (*exact)(Exact, Exact);
  Range a, b;
  double bound;
};
const RowOfTwo rows_of_two[] = {
    {"pow", pow, std::pow, {0.01, 10}, {-10, 10}, 1},
    {"pow of large powers", pow, std::pow, {0.5, 2}, {-100, 100}, 1},
    {"atan2", atan2, std::atan2, {-10, 10}, {-10, 10}, 1},
    {"hypot", hypot, std::hypot, {-10, 10}, {-10, 10}, 1},
    {"fmod", fmod, std::fmod, {-100, 100}, {0.5, 3}, 0},
    {"remainder",
     remainder,
     [](Exact a, Exact b) { return a - b * std::floor(a / b); },
     {-100, 100},
     {0.5, 3},
     1},
    {"ldexp", ldexp, [](Exact a, Exact b) { return a * std::exp2(b); }, {-10, 10}, {-20, 20}, 1.5},
    {"logaddexp",
     logaddexp,
     [](Exact a, Exact b) { return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b))); },
     {1, 50},
     {-50, 50},
     1},
    {"logaddexp2",
     logaddexp2,
     [](Exact a, Exact b) { return std::log2(std::exp2(a) + std::exp2(b)); },
     {1, 50},
     {-50, 50},
     1},
    {"xlogy", xlogy, [](Exact a, Exact b) { return a * std::log(b); }, {-10, 10}, {0.01, 100}, 1.5},
    {"special::xlog1py",
     special::xlog1py,
     [](Exact a, Exact b) { return a * std::log1p(b); },
     {-10, 10},
     {-0.9, 100},
     1.5},
};

template <class T>
double worst(const RowOfTwo& row) {
  const Tensor a = test::uniform({40001}, row.a.low, row.a.high, 4, dtype_of<T>),
               b = test::uniform({40001}, row.b.low, row.b.high, 5, dtype_of<T>);
  const Tensor y = row.op(a, b);
  double most = 0;
  for (std::int64_t i = 0; i < y.numel(); ++i)
    most = std::max(most, ulps<T>(y.data<T>()[i], row.exact(static_cast<Exact>(a.data<T>()[i]),
                                                            static_cast<Exact>(b.data<T>()[i]))));
  return most;
}

std::string line_of(const RowOfTwo& r) {
  return fmt::format("| {} | [{}, {}] | [{}, {}] | {} |", r.name, r.a.low, r.a.high, r.b.low,
                     r.b.high, r.bound);
}

}  // namespace

TEST_CASE("functions of two numbers are within their stated error", "[ops][ulp]") {
  const std::string text = documentation();
  for (const RowOfTwo& r : rows_of_two) {
    test::trial(r.name, [&] {
      CHECK(worst<float>(r) <= r.bound);
      CHECK(worst<double>(r) <= r.bound);
      INFO(line_of(r));
      CHECK(text.find(line_of(r)) != std::string::npos);
    });
  }
}
TEST_CASE("prints the rows for functions of two numbers", "[.ulp-table]") {
  for (const RowOfTwo& r : rows_of_two)
    fmt::print("{}  measured {:.2f}, {:.2f}\n", line_of(r), worst<float>(r), worst<double>(r));
}

namespace {

// As C has it: NaN for NaN, the same infinity, a zero of the same sign, else nearly the same;
// results below the smallest normal number may be 0.
template <class T>
bool as_in_c(T value, T want) {
  if (std::isnan(want) || std::isnan(value)) return std::isnan(want) && std::isnan(value);
  if (std::abs(want) < std::numeric_limits<T>::min() && want != 0)  // denormal: 0 will do
    return std::abs(value) <= std::numeric_limits<T>::min();
  if (want == 0 || std::isinf(want))
    return value == want && std::signbit(value) == std::signbit(want);
  return std::abs(value - want) <= 8 * std::numeric_limits<T>::epsilon() * std::abs(want);
}

template <class T>
std::vector<double> special_numbers() {
  const double inf = INFINITY, large = std::numeric_limits<T>::max();
  return {0.0,   -0.0, inf, -inf, NAN,  1,     -1,     2,      -2,
          0.5,   -0.5, 1.5, -1.5, 2.5,  3,     -3,     1e-20,  1e10,
          -1e10, 89,   -89, 104,  -104, large, -large, 0.9999, std::numeric_limits<T>::min()};
}

struct Function {
  const char* name;
  Tensor (*op)(Operand);
  double (*c)(double);
};
Tensor rint_op(Operand x) { return round(x); }
Tensor round_op(Operand x) {
  static const auto op = pointwise("round", [](auto v) { return round(v); });
  return op(x);
}
const Function functions[] = {
    {"abs", abs, std::fabs},
    {"exp", exp, std::exp},
    {"exp2", exp2, std::exp2},
    {"expm1", expm1, std::expm1},
    {"log", log, std::log},
    {"log1p", log1p, std::log1p},
    {"log2", log2, std::log2},
    {"log10", log10, std::log10},
    {"sqrt", sqrt, std::sqrt},
    {"cbrt", cbrt_op, std::cbrt},
    {"sin", sin, std::sin},
    {"cos", cos, std::cos},
    {"tan", tan, std::tan},
    {"asin", asin, std::asin},
    {"acos", acos, std::acos},
    {"atan", atan, std::atan},
    {"sinh", sinh, std::sinh},
    {"cosh", cosh, std::cosh},
    {"tanh", tanh, std::tanh},
    {"asinh", asinh, std::asinh},
    {"acosh", acosh, std::acosh},
    {"atanh", atanh, std::atanh},
    {"erf", erf, std::erf},
    {"erfc", erfc, std::erfc},
    {"floor", floor, std::floor},
    {"ceil", ceil, std::ceil},
    {"trunc", trunc, std::trunc},
    {"round to even", rint_op, std::rint},
    {"round", round_op, std::round},
    {"sigmoid", sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }},
    {"softplus", softplus_op,
     [](double x) { return (x > 0 || x != x ? x : 0) + std::log1p(std::exp(-std::abs(x))); }},
    {"relu", relu, [](double x) { return x > 0 || x != x ? x : 0; }},
    {"leaky_relu", [](Operand x) { return leaky_relu(x, 0.5); },
     [](double x) { return x > 0 ? x : 0.5 * x; }},
    {"sign", sign, [](double x) { return x > 0   ? 1
                                         : x < 0 ? -1
                                                 : x; }},
    {"square", square, [](double x) { return x * x; }},
    {"reciprocal", reciprocal, [](double x) { return 1 / x; }},
    {"neg", neg, [](double x) { return -x; }},
    {"rsqrt", rsqrt, [](double x) { return 1 / std::sqrt(x); }},
};

template <class T>
void check_special(const Function& f) {
  for (const double number : special_numbers<T>()) {
    const T x = static_cast<T>(number), want = static_cast<T>(f.c(static_cast<double>(x)));
    for (const std::int64_t n : {33, 3, 1}) {  // in the middle of a lane, in its tail, and alone
      const Tensor y = f.op(full({n}, static_cast<double>(x), {.dtype = dtype_of<T>}));
      INFO(f.name << " at " << x << " gives " << y.data<T>()[n - 1] << ", C gives " << want);
      CHECK(as_in_c(y.data<T>()[n - 1], want));
    }
  }
}

struct FunctionOfTwo {
  const char* name;
  Tensor (*op)(Operand, Operand);
  double (*c)(double, double);
};
const FunctionOfTwo functions_of_two[] = {
    {"pow", pow, std::pow},
    {"atan2", atan2, std::atan2},
    {"hypot", hypot, std::hypot},
    {"fmod", fmod, std::fmod},
    {"copysign", copysign, std::copysign},
    {"fmax", fmax, std::fmax},
    {"fmin", fmin, std::fmin},
    {"maximum", maximum, [](double a, double b) { return a > b || a != a ? a : b; }},
    {"minimum", minimum, [](double a, double b) { return a < b || a != a ? a : b; }},
    {"add", [](Operand a, Operand b) { return add(a, b); },
     [](double a, double b) { return a + b; }},
    {"mul", mul, [](double a, double b) { return a * b; }},
    {"div", div, [](double a, double b) { return a / b; }},
};

template <class T>
void check_special(const FunctionOfTwo& f) {
  for (const double first : special_numbers<T>())
    for (const double second : special_numbers<T>()) {
      const T a = static_cast<T>(first), b = static_cast<T>(second);
      T want = static_cast<T>(f.c(static_cast<double>(a), static_cast<double>(b)));
      const Tensor y = f.op(full({3}, static_cast<double>(a), {.dtype = dtype_of<T>}),
                            full({3}, static_cast<double>(b), {.dtype = dtype_of<T>}));
      const T value = y.data<T>()[1];
      INFO(f.name << " of " << a << " and " << b << " gives " << value << ", C gives " << want);
      CHECK((as_in_c(value, want) || (a == 0 && b == 0 && value == 0 && want == 0)));
    }
}

}  // namespace

TEST_CASE("special values come out as in C", "[ops][special]") {
  for (const Function& f : functions) {
    test::trial(f.name, [&] {
      check_special<float>(f);
      check_special<double>(f);
    });
  }
  for (const FunctionOfTwo& f : functions_of_two) {
    test::trial(f.name, [&] {
      check_special<float>(f);
      check_special<double>(f);
    });
  }
}

TEST_CASE("exp and expm1 of any float are within 1 ULP", "[ops][accuracy]") {
  std::vector<float> all;
  for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += 9973) {
    const auto word = static_cast<std::uint32_t>(bits);
    std::memcpy(&all.emplace_back(), &word, sizeof word);
  }
  const Tensor x = tensor(all);
  const auto most = [&](const Tensor& y, double (*exact)(double)) {
    double ulp = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
      ulp = std::max(ulp, ulps(y.data<float>()[i], static_cast<Exact>(exact(all[i]))));
    return ulp;
  };
  CHECK(most(exp(x), std::exp) <= 1);
  CHECK(most(expm1(x), std::expm1) <= 1);
}
