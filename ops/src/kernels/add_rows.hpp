// add_rows.hpp: rows added up at the positions that they belong to.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/graph/wrapping.hpp>

namespace xgrad::detail {

// From so many contributions on, the rounding of float32 sums shows: at 2^24 ones they stop.
inline constexpr std::uint16_t many_contributions = 1024;

/// For each row with many contributions its place among those, in their order; empty if there is
/// none. -1 for the others.
inline ScratchVector<std::int64_t> busy_rows(const std::int64_t* at, std::int64_t count,
                                             std::int64_t rows) {
  if (count < many_contributions) return {};
  ScratchVector<std::uint16_t> counts(static_cast<std::size_t>(rows));
  bool any = false;
  for (std::int64_t k = 0; k < count; ++k) {
    if (at[k] < 0) continue;
    std::uint16_t& n = counts[static_cast<std::size_t>(at[k])];
    if (n < many_contributions) any |= ++n == many_contributions;
  }
  if (!any) return {};
  ScratchVector<std::int64_t> places(static_cast<std::size_t>(rows), -1);
  std::int64_t next = 0;
  for (std::size_t r = 0; r < places.size(); ++r)
    if (counts[r] == many_contributions) places[r] = next++;
  return places;
}

/// Row at[k] of `to` += term(at[k], element) for each element of row k of `from`, rows of `inner`
/// elements; -1 is nowhere. One after the other, since the order decides the bits; float32 rows
/// with many contributions are added up in double.
template <class T, class Term>
void add_rows(const T* from, const std::int64_t* at, std::int64_t count, std::int64_t inner, T* to,
              std::int64_t rows, Term term) {
  if (inner == 0) return;  // of however many rows
  ScratchVector<std::int64_t> places;
  if constexpr (std::is_same_v<T, float>) places = busy_rows(at, count, rows);
  ScratchVector<double> wide;
  if (!places.empty())
    wide.resize(
        static_cast<std::size_t>((*std::max_element(places.begin(), places.end()) + 1) * inner));
  for (std::int64_t k = 0; k < count; ++k, from += inner) {
    const std::int64_t r = at[k];
    if (r < 0) continue;
    if (!places.empty() && places[static_cast<std::size_t>(r)] >= 0) {
      double* const row = wide.data() + places[static_cast<std::size_t>(r)] * inner;
      for (std::int64_t i = 0; i < inner; ++i) row[i] += static_cast<double>(term(r, from[i]));
    } else {
      T* const row = to + r * inner;
      for (std::int64_t i = 0; i < inner; ++i) row[i] = wrapping_add(row[i], term(r, from[i]));
    }
  }
  for (std::size_t r = 0; r < places.size(); ++r)
    for (std::int64_t i = 0; places[r] >= 0 && i < inner; ++i) {
      T& sum = to[static_cast<std::int64_t>(r) * inner + i];
      sum = static_cast<T>(static_cast<double>(sum) +
                           wide[static_cast<std::size_t>(places[r] * inner + i)]);
    }
}

template <class T>
void add_rows(const T* from, const std::int64_t* at, std::int64_t count, std::int64_t inner, T* to,
              std::int64_t rows) {
  add_rows(from, at, count, inner, to, rows, [](std::int64_t, T x) { return x; });
}

}  // namespace xgrad::detail
