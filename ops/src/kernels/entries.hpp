// entries.hpp: elements as numbers that are in the elements' order, and the first of many of them.
//
// An entry is a key above a position: equal elements differ and keep their order, and one
// comparison of whole numbers decides. The loops below do not branch on it, since half of such
// branches would be predicted wrong.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "kernels/radix_sort.hpp"

namespace xgrad::detail {

__extension__ typedef unsigned __int128 WideEntry;

/// The entry of element i, of E = std::uint64_t for keys and positions of 32 bits or WideEntry.
template <class E, class T>
E entry_of(T x, std::int64_t i, bool descending) {
  using U = decltype(radix_key(T()));
  const U rising = radix_key(x), key = descending ? static_cast<U>(~rising) : rising;
  return static_cast<E>(key) << (4 * sizeof(E)) | static_cast<E>(i);
}
template <class E>
std::int64_t position_of(E entry) {
  return static_cast<std::int64_t>(entry & ((E{1} << (4 * sizeof(E))) - 1));
}

/// Splits n entries, which differ, by one of them: returns its place, with smaller ones before it
/// and larger ones behind.
template <class E>
std::int64_t split_entries(E* e, std::int64_t n) {
  E &a = e[n / 4], &b = e[n / 2], &c = e[n - 1 - n / 4];
  const E pivot = std::max(std::min(a, b), std::min(std::max(a, b), c));
  std::swap(e[0], a == pivot ? a : b == pivot ? b : c);
  E* next = e + 1;
  for (std::int64_t i = 1; i < n; ++i) {
    const E entry = e[i];
    e[i] = *next;
    *next = entry;
    next += entry < pivot;
  }
  std::swap(e[0], next[-1]);
  return next - e - 1;
}

/// Moves entry k of the order to place k, smaller ones before it and larger ones behind (Hoare,
/// 1961).
template <class E>
void select_entry(E* e, std::int64_t n, std::int64_t k) {
  constexpr std::int64_t few = 24;
  for (int left = 2 * std::bit_width(static_cast<std::uint64_t>(n)); n > few && left > 0; --left) {
    const std::int64_t place = split_entries(e, n);
    if (k == place) return;
    if (k < place)
      n = place;
    else
      e += place + 1, n -= place + 1, k -= place + 1;
  }
  std::nth_element(e, e + k, e + n);
}

/// How many entries `first_entries` needs room for.
inline std::int64_t room_for_first(std::int64_t n, std::int64_t k) {
  return std::min(n, 2 * std::min(n, k) + 64) + 1;
}

/// kept = the first k of n entries in order, k > 0. Those behind the k-th so far are not kept.
template <class E, class F>
void first_entries(std::int64_t n, std::int64_t k, E* kept, F entry) {
  const std::int64_t room = room_for_first(n, k) - 1;
  std::int64_t count = 0;
  E limit = ~E{0};
  for (std::int64_t i = 0; i < n;) {
    for (const std::int64_t end = std::min(n, i + room - count); i < end; ++i) {
      const E one = entry(i);
      kept[count] = one;
      count += one < limit;
    }
    if (i == n || room - count >= 32) continue;
    select_entry(kept, count, k - 1);
    limit = kept[k - 1];
    count = k;
  }
  if (count > k) select_entry(kept, count, k - 1);
  std::sort(kept, kept + k);
}

}  // namespace xgrad::detail
