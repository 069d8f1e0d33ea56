// kernel_cases.hpp: elements, sizes and numbers of threads that kernels are tried with.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <random>

#include <xgrad/graph/dtype.hpp>
#include <xgrad/graph/parallel.hpp>

namespace xgrad::test {

inline constexpr std::int64_t odd_sizes[] = {0, 1, 2, 3, 7, 8, 9, 17, 33, 1000};

/// An array of n elements, also of bools; all zero.
template <class T>
struct Elements {
  explicit Elements(std::int64_t n)
      : size(n), data_(std::make_unique<T[]>(static_cast<std::size_t>(n))) {}
  Elements(const Elements& other) : Elements(other.size) { *this = other; }
  Elements& operator=(const Elements& other) {
    std::copy_n(other.data(), size, data());
    return *this;
  }
  T* data() const { return data_.get(); }
  T& operator[](std::int64_t i) const { return data_[static_cast<std::size_t>(i)]; }
  T* begin() const { return data(); }
  T* end() const { return data() + size; }
  /// The same bits.
  friend bool operator==(const Elements& a, const Elements& b) {
    return a.size == b.size &&
           (a.size == 0 ||
            std::memcmp(a.data(), b.data(), sizeof(T) * static_cast<std::size_t>(a.size)) == 0);
  }

  std::int64_t size;

 private:
  std::unique_ptr<T[]> data_;
};

/// Random elements; of floats some are NaN, infinite or -0.
template <class T>
Elements<T> random_elements(std::int64_t n, unsigned seed) {
  std::mt19937 random(seed);
  Elements<T> x(n);
  constexpr double special[] = {std::numeric_limits<double>::quiet_NaN(),
                                std::numeric_limits<double>::infinity(),
                                -std::numeric_limits<double>::infinity(), -0.0};
  for (T& e : x) {
    const int i = static_cast<int>(random() % 2000) - 1000;
    e = static_cast<T>(std::is_same_v<T, bool> ? i & 1 : i);
    if (std::is_floating_point_v<T> && i % 19 == 0) e = static_cast<T>(special[random() % 4]);
  }
  return x;
}

/// Random positions in [0, n), some of them -1 if `gaps`.
inline Elements<std::int64_t> random_positions(std::int64_t count, std::int64_t n, bool gaps,
                                               unsigned seed) {
  std::mt19937 random(seed);
  Elements<std::int64_t> at(count);
  for (std::int64_t& k : at)
    k = n == 0 || (gaps && random() % 5 == 0)
            ? -1
            : static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n));
  return at;
}

/// Calls f for several numbers of threads.
template <class F>
void for_thread_counts(F f) {
  const int before = num_threads();
  for (const int threads : {1, 2, 3, 5, 16}) {
    set_num_threads(threads);
    f();
  }
  set_num_threads(before);
}

/// Calls f.operator()<T>() for each type of elements.
template <class F>
void for_dtypes(F f) {
  for (const DType d : {bool_, int64, float32, float64}) dispatch(d, f);
}

}  // namespace xgrad::test
