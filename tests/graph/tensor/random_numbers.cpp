// Arrays of random numbers, against the formulas for one number after the other.
#include "tensor/random_numbers.hpp"

#include <cmath>
#include <numbers>

#include <xgrad/graph/philox.hpp>

#include "ops/kernels/kernel_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using test::Elements;

namespace {

constexpr detail::StreamPosition from{0x123456789abcdefU,
                                      0xfffffffeU};  // carries into the upper half

struct Words {
  std::uint32_t word[4];
  explicit Words(std::int64_t position) {
    detail::philox(from.seed, from.counter + static_cast<std::uint64_t>(position), word);
  }
  double fraction(int pair) const {
    const std::uint64_t wide = std::uint64_t{word[2 * pair]} << 32 | word[2 * pair + 1];
    return static_cast<double>(wide >> 11) * 0x1p-53;
  }
};

template <class T>
T uniform_number(std::int64_t i) {
  if constexpr (sizeof(T) == 4)
    return static_cast<T>(Words(i / 4).word[i % 4] >> 8) * T(0x1p-24);
  else
    return Words(i / 2).fraction(static_cast<int>(i % 2));
}

// Box and Muller's formula, with the quarter turns taken off before pi comes in.
long double normal_number(std::int64_t i) {
  const Words words(i / 2);
  const double turns = words.fraction(1), quarters = std::nearbyint(4 * turns);
  const long double angle = 2 * std::numbers::pi_v<long double> * (turns - quarters / 4);
  const auto shift = static_cast<int>(quarters) + (i % 2 == 0 ? 1 : 0);  // cos x = sin(x + pi / 2)
  const long double sine = shift % 2 == 0 ? std::sin(angle) : std::cos(angle);
  const long double radius =
      std::sqrt(-2 * std::log1p(-static_cast<long double>(words.fraction(0))));
  return shift % 4 < 2 ? radius * sine : -radius * sine;
}

template <class T>
double ulps(T value, long double exact) {
  const T near = std::abs(static_cast<T>(exact));
  const T spacing = std::nextafter(near, std::numeric_limits<T>::infinity()) - near;
  return static_cast<double>(std::abs(static_cast<long double>(value) - exact) / spacing);
}

template <class T>
Elements<T> normal_elements(std::int64_t n) {
  Elements<T> y(n);
  detail::normal_numbers(from, n, y.data());
  return y;
}

constexpr std::int64_t sizes[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 17, 33, 127, 129, 1000, 40001};

// FNV-1a of all bytes.
template <class T>
std::uint64_t digest(const Elements<T>& x) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(x.data());
  for (std::size_t i = 0; i < sizeof(T) * static_cast<std::size_t>(x.size); ++i)
    hash = (hash ^ bytes[i]) * 0x100000001b3U;
  return hash;
}

template <class F>
void for_floats(F f) {
  f.template operator()<float>();
  f.template operator()<double>();
}

}  // namespace

TEST_CASE("uniform numbers are the words of the stream", "[random]") {
  for_floats([]<class T>() {
    for (const std::int64_t n : sizes) {
      Elements<T> expected(n);
      for (std::int64_t i = 0; i < n; ++i) expected[i] = uniform_number<T>(i);
      test::for_thread_counts([&] {
        Elements<T> y(n);
        detail::uniform_numbers(from, n, y.data());
        CHECK(y == expected);
      });
    }
  });
}

TEST_CASE("normal numbers are those of Box and Muller's formula", "[random]") {
  for_floats([]<class T>() {
    const auto y = normal_elements<T>(200001);
    double most = 0;
    for (std::int64_t i = 0; i < y.size; ++i) most = std::max(most, ulps(y[i], normal_number(i)));
    CHECK(most < (sizeof(T) == 4 ? 0.501 : 2.5));
  });
}

TEST_CASE("normal numbers do not depend on how many there are, or on threads", "[random]") {
  for_floats([]<class T>() {
    const auto all = normal_elements<T>(40001);
    for (const std::int64_t n : sizes) {
      Elements<T> expected(n);
      std::copy_n(all.data(), n, expected.data());
      test::for_thread_counts([&] { CHECK(normal_elements<T>(n) == expected); });
    }
  });
}

TEST_CASE("normal numbers have the same bits for every instruction set", "[random]") {
  // Digests from AVX2; XGRAD_ISA=baseline gives the same.
  CHECK(digest(normal_elements<float>(100003)) == 0x795d6ab75ca79639U);
  CHECK(digest(normal_elements<double>(100003)) == 0x31eb2a37ad9d2da1U);
}
