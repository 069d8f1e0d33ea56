// tap_rows.hpp: the rows of a linear map with few entries, and which of them resemble each other.
#pragma once

#include <algorithm>
#include <cstdint>

#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/taps.hpp"

namespace xgrad::detail {

/// Rows [first, first + groups phases) whose entries are those of the row `phases` before, `stride`
/// further on: all but those at the edges, if a map goes by a whole number.
struct RegularRows {
  std::int64_t first = 0, groups = 0, phases = 1, stride = 1;
  std::int64_t count() const { return groups * phases; }
};

/// A map or a transposed map. Row i has the entries [first[i], first[i + 1]), in the order of the
/// map's rows.
template <class T>
class TapRows {
 public:
  TapRows(const TapMap& map, bool transposed)
      : size(transposed ? map.rows : map.size),
        count(transposed ? map.size : map.rows),
        first(static_cast<std::size_t>(count) + 1) {
    for_entries(map, transposed, [&](std::int64_t to, std::int64_t, double) { ++start(to + 1); });
    for (std::int64_t i = 0; i < count; ++i) start(i + 1) += start(i);
    at.resize(static_cast<std::size_t>(start(count)));
    weight.resize(at.size());
    ScratchVector<std::int64_t> next(first);
    for_entries(map, transposed, [&](std::int64_t to, std::int64_t from, double w) {
      const auto k = static_cast<std::size_t>(next[static_cast<std::size_t>(to)]++);
      at[k] = from;
      weight[k] = static_cast<T>(w);
    });
    const RegularRows one = regular_rows(1), two = regular_rows(2);
    regular = two.count() > one.count() ? two : one;
  }

  std::int64_t size, count;  // of the elements that are read, and of rows
  ScratchVector<std::int64_t> first, at;
  ScratchVector<T> weight;
  RegularRows regular;

 private:
  // Calls f(row, element, weight) for each entry.
  template <class F>
  static void for_entries(const TapMap& map, bool transposed, F f) {
    for (std::int64_t i = 0; i < map.rows; ++i)
      for (std::int64_t t = i * map.taps; t < (i + 1) * map.taps; ++t)
        if (map.at[t] >= 0)
          transposed ? f(map.at[t], i, map.weight[t]) : f(i, map.at[t], map.weight[t]);
  }
  std::int64_t& start(std::int64_t i) { return first[static_cast<std::size_t>(i)]; }

  RegularRows regular_rows(std::int64_t phases) {
    const std::int64_t middle = count / 2;  // far from the edges
    if (middle + phases >= count || start(middle) == start(middle + 1)) return {};
    const auto first_of = [&](std::int64_t i) { return at[static_cast<std::size_t>(start(i))]; };
    if (start(middle + phases) == start(count)) return {};
    const std::int64_t stride = first_of(middle + phases) - first_of(middle);
    std::int64_t from = middle, to = middle + phases;
    while (from > 0 && follow(from - 1, phases, stride)) --from;
    while (to < count && follow(to - phases, phases, stride)) ++to;
    return {from, stride < 0 ? 0 : (to - from) / phases, phases, stride};
  }
  // Whether row i + phases has the entries of row i, `stride` further on.
  bool follow(std::int64_t i, std::int64_t phases, std::int64_t stride) {
    const std::int64_t a = start(i), b = start(i + phases), n = start(i + 1) - a;
    if (start(i + phases + 1) - b != n) return false;
    return std::equal(at.begin() + a, at.begin() + a + n, at.begin() + b,
                      [&](std::int64_t p, std::int64_t q) { return q == p + stride; }) &&
           std::equal(weight.begin() + a, weight.begin() + a + n, weight.begin() + b);
  }
};

}  // namespace xgrad::detail
