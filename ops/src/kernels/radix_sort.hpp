// radix_sort.hpp: the stable order of many elements, by their digits (Knuth, The Art of Computer
// Programming, volume 3, 5.2.5).
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <xgrad/graph/scratch_vector.hpp>

namespace xgrad::detail {

/// An unsigned number that rises with x: equal for equal elements, the largest for NaN.
template <class T>
auto radix_key(T x) {
  if constexpr (sizeof(T) == 1) {  // a bool
    return static_cast<std::uint8_t>(x);
  } else {
    using U = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    constexpr U sign = U{1} << (8 * sizeof(T) - 1);
    if constexpr (std::is_integral_v<T>) {
      return static_cast<U>(x) ^ sign;
    } else {
      // Without branches: whether an element is negative cannot be predicted.
      const U bits = std::bit_cast<U>(x + T(0));  // -0 equals 0
      const U nan = U{0} - static_cast<U>(x != x);
      return (bits ^ (sign | (U{0} - (bits >> (8 * sizeof(T) - 1))))) | nan;
    }
  }
}

/// radix_order with positions of the type P.
template <class P, class T>
void radix_order_by(const T* x, std::int64_t n, bool descending, std::int64_t* order) {
  using U = decltype(radix_key(T()));
  constexpr std::size_t digits = sizeof(U);
  struct Entry {
    U key;
    P position;
  };
  ScratchVector<Entry> entries(static_cast<std::size_t>(n)), sorted(entries.size());
  std::array<std::array<std::int64_t, 256>, digits> counts{};
  const auto digit = [](U key, std::size_t d) {
    return static_cast<std::size_t>(key >> (8 * d)) & 255;
  };
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const U rising = radix_key(x[i]), key = descending ? static_cast<U>(~rising) : rising;
    entries[i] = {key, static_cast<P>(i)};
    for (std::size_t d = 0; d < digits; ++d) ++counts[d][digit(key, d)];
  }
  for (std::size_t d = 0; d < digits; ++d) {
    std::array<std::int64_t, 256>& next = counts[d];
    if (n == 0 || next[digit(entries[0].key, d)] == n) continue;  // all the same
    std::int64_t start = 0;
    for (std::int64_t& place : next) start += std::exchange(place, start);
    for (const Entry& e : entries) sorted[static_cast<std::size_t>(next[digit(e.key, d)]++)] = e;
    std::swap(entries, sorted);
  }
  for (std::size_t i = 0; i < entries.size(); ++i)
    order[i] = static_cast<std::int64_t>(entries[i].position);
}

/// order = the positions of n elements, in rising or falling order; equal ones as they came.
template <class T>
void radix_order(const T* x, std::int64_t n, bool descending, std::int64_t* order) {
  if (n <= std::int64_t{1} << 32)
    radix_order_by<std::uint32_t>(x, n, descending, order);
  else
    radix_order_by<std::int64_t>(x, n, descending, order);
}

}  // namespace xgrad::detail
