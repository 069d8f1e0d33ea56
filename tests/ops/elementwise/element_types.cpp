// Formulas on every element type, with bool inputs and results, against scalar loops: rows of all
// lengths around those of lanes, numbers, broadcasting, temporaries that give their memory.
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/trial.hpp"

using namespace xgrad;
using test::trial;

namespace {

const std::vector<std::int64_t> lengths{0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 200};

// Small numbers, so that some are equal; NaN and infinities among the floats.
Tensor drawn(std::int64_t n, DType dtype, unsigned seed) {
  Tensor x = empty({n}, {.dtype = dtype});
  dispatch(dtype, [&]<class T>() {
    T* const to = x.mutable_data<T>();
    for (std::int64_t i = 0; i < n; ++i) {
      const auto k = static_cast<unsigned>(i) * 7 + seed * 5;
      to[i] = static_cast<T>(static_cast<int>(k % 5) - 2);
      if constexpr (std::is_floating_point_v<T>) {
        if (k % 11 == 3) to[i] = std::numeric_limits<T>::quiet_NaN();
        if (k % 13 == 4) to[i] = std::numeric_limits<T>::infinity();
      }
    }
  });
  return x;
}

template <class T>
std::vector<T> elements(const Tensor& x) {
  const T* const from = x.data<T>();
  return std::vector<T>(from, from + x.numel());
}

// The elements of a result, each from one of two inputs.
template <class T, class F>
void check_bools(const Tensor& result, const Tensor& a, const Tensor& b, F f) {
  REQUIRE(result.dtype() == bool_);
  const std::vector<T> p = elements<T>(a), q = elements<T>(b);
  const std::vector<bool> y = elements<bool>(result);
  for (std::size_t i = 0; i < p.size(); ++i) CHECK(y[i] == f(p[i], q[i]));
}

}  // namespace

TEST_CASE("comparisons of every type and length", "[ops][types]") {
  for (const DType dtype : {bool_, int64, float32, float64})
    for (const std::int64_t n : lengths)
      trial(fmt::format("{} of {}", n, name(dtype)), [&] {
        const Tensor a = drawn(n, dtype, 1), b = drawn(n, dtype, 2);
        dispatch(dtype, [&]<class T>() {
          check_bools<T>(a == b, a, b, std::equal_to<T>());
          check_bools<T>(a != b, a, b, std::not_equal_to<T>());
          check_bools<T>(a < b, a, b, std::less<T>());
          check_bools<T>(a <= b, a, b, std::less_equal<T>());
          check_bools<T>(a > b, a, b, std::greater<T>());
          check_bools<T>(a >= b, a, b, std::greater_equal<T>());
          check_bools<T>(logical_and(a, b), a, b, [](T x, T y) { return x != 0 && y != 0; });
          check_bools<T>(logical_xor(a, b), a, b, [](T x, T y) { return (x != 0) != (y != 0); });
          check_bools<T>(logical_not(a < b), a, b, [](T x, T y) { return !(x < y); });
        });
      });
}

TEST_CASE("where takes a bool condition beside elements of any type", "[ops][types]") {
  for (const DType dtype : {bool_, int64, float32, float64})
    for (const std::int64_t n : lengths)
      trial(fmt::format("{} of {}", n, name(dtype)), [&] {
        const Tensor c = drawn(n, bool_, 3), a = drawn(n, dtype, 1), b = drawn(n, dtype, 2);
        const Tensor y = where(c, a, b), with_number = where(c, a, false);
        const Tensor condition = drawn(3, bool_, 4),
                     by_row = where(reshape(condition, {3, 1}), a, b);
        dispatch(dtype, [&]<class T>() {
          const auto p = elements<T>(a), q = elements<T>(b);
          const auto at = elements<bool>(c), rows = elements<bool>(condition);
          const auto check = [](const Tensor& given, std::size_t i, T expected) {
            const T is = given.data<T>()[i];
            CHECK((is == expected || (is != is && expected != expected)));
          };
          for (std::size_t i = 0; i < p.size(); ++i) {
            check(y, i, at[i] ? p[i] : q[i]);
            check(with_number, i, at[i] ? p[i] : T(0));
            for (std::size_t row = 0; row < 3; ++row)
              check(by_row, row * p.size() + i, rows[row] ? p[i] : q[i]);
          }
        });
      });
}

TEST_CASE("integer division, remainders and powers, as Python and C have them", "[ops][types]") {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                         most = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::int64_t> numerators{7, -7, 0, 1, least, most, least, 12, -12},
      divisors{2, 2, 5, -1, -1, -1, 3, -5, -5};
  for (const std::int64_t n : lengths) {
    if (n == 0) continue;
    Tensor a = empty({n}, {.dtype = int64}), b = empty({n}, {.dtype = int64});
    for (std::int64_t i = 0; i < n; ++i) {
      a.mutable_data<std::int64_t>()[i] = numerators[static_cast<std::size_t>(i) % 9];
      b.mutable_data<std::int64_t>()[i] = divisors[static_cast<std::size_t>(i) % 9];
    }
    trial(fmt::format("{} elements", n), [&] {
      const auto down = elements<std::int64_t>(div(a, b, "floor")),
                 trunc = elements<std::int64_t>(div(a, b, "trunc")),
                 rest = elements<std::int64_t>(remainder(a, b)),
                 c_rest = elements<std::int64_t>(fmod(a, b));
      for (std::size_t i = 0; i < down.size(); ++i) {
        const std::int64_t x = numerators[i % 9], d = divisors[i % 9];
        const std::int64_t q = d == -1 ? std::int64_t(0 - std::uint64_t(x)) : x / d;
        const std::int64_t r = d == -1 ? 0 : x % d;
        const bool crosses = r != 0 && (r < 0) != (d < 0);
        CHECK(trunc[i] == q);
        CHECK(c_rest[i] == r);
        CHECK(down[i] == q - crosses);
        CHECK(rest[i] == (crosses ? r + d : r));
      }
    });
  }
  CHECK(
      test::throws<ValueError>([] { div(tensor({1}), tensor({0}), "floor"); }, {"div", "by zero"}));
  CHECK(test::throws<ValueError>([] { remainder(tensor({1, 2}), 0); }, {"remainder", "by zero"}));
  CHECK(div(empty({0}, {.dtype = int64}), 0, "floor").numel() == 0);
  CHECK(elements<std::int64_t>(pow(tensor({3, -2, 0, 1}), tensor({4, 3, 0, 62}))) ==
        std::vector<std::int64_t>{81, -8, 1, 1});
  CHECK(pow(tensor({2}), 63).item<std::int64_t>() == least);
  CHECK(pow(tensor({2}), 64).item<std::int64_t>() == 0);
  CHECK(test::throws<ValueError>([] { pow(tensor({2}), tensor({-1})); }, {"negative power -1"}));
}

TEST_CASE("bitwise ops on bools and integers", "[ops][types]") {
  const Tensor a = drawn(70, bool_, 1), b = drawn(70, bool_, 2);
  check_bools<bool>(bitwise_and(a, b), a, b, [](bool x, bool y) { return x && y; });
  check_bools<bool>(bitwise_or(a, b), a, b, [](bool x, bool y) { return x || y; });
  check_bools<bool>(bitwise_xor(a, b), a, b, [](bool x, bool y) { return x != y; });
  CHECK(elements<std::int64_t>(bitwise_xor(tensor({12, -1}), 10)) ==
        std::vector<std::int64_t>{6, -11});
  CHECK(elements<std::int64_t>(bitwise_not(tensor({0, 5}))) == std::vector<std::int64_t>{-1, -6});
  CHECK(test::throws<DTypeError>([] { bitwise_and(ones({2}), ones({2})); }, {"bool or int64"}));
}

TEST_CASE("questions about elements", "[ops][types]") {
  const double inf = INFINITY;
  for (const DType dtype : {float32, float64}) {
    const Tensor x = tensor({1.0, -0.0, inf, -inf, NAN, -2.0}, {.dtype = dtype});
    using Bools = std::vector<bool>;
    CHECK(elements<bool>(isnan(x)) == Bools{0, 0, 0, 0, 1, 0});
    CHECK(elements<bool>(isinf(x)) == Bools{0, 0, 1, 1, 0, 0});
    CHECK(elements<bool>(isposinf(x)) == Bools{0, 0, 1, 0, 0, 0});
    CHECK(elements<bool>(isneginf(x)) == Bools{0, 0, 0, 1, 0, 0});
    CHECK(elements<bool>(isfinite(x)) == Bools{1, 1, 0, 0, 0, 1});
    CHECK(elements<bool>(signbit(tensor({1.0, -0.0, inf, -inf, -2.0}, {.dtype = dtype}))) ==
          Bools{0, 1, 0, 1, 1});
    CHECK(elements<bool>(isclose(x, x)) == Bools{1, 1, 1, 1, 0, 1});
    CHECK(elements<bool>(isclose(x, x, 0, 0, true)) == Bools{1, 1, 1, 1, 1, 1});
  }
  CHECK(elements<bool>(isfinite(tensor({1, 2}))) == std::vector<bool>{1, 1});
}
