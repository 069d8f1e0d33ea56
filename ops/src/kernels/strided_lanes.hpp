// strided_lanes.hpp: lanes of elements that lie at equal distances, and lanes taken in turns.
#pragma once

#include <cstdint>
#include <utility>

#include <xgrad/graph/lanes.hpp>

namespace xgrad::detail {

// Elements 0, 2, 4, ... of 2n - 1, where `a` holds the first n of them and `b` the last n.
template <class V, int... i>
V every_other(const V& a, const V& b, std::integer_sequence<int, i...>) {
  constexpr int n = sizeof...(i);
  return __builtin_shufflevector(a, b, (2 * i < n ? 2 * i : 2 * i + 1)...);
}
// Elements `half` n / 2 and those behind it of a[0], b[0], a[1], b[1], ...
template <int half, class V, int... i>
V in_turns(const V& a, const V& b, std::integer_sequence<int, i...>) {
  constexpr int n = sizeof...(i);
  return __builtin_shufflevector(a, b, (i % 2 * n + half * n / 2 + i / 2)...);
}

/// x[0], x[stride], ... If `known` is not 0, it is the stride. Nothing behind the last one is read.
template <class L, int known>
L load_every(const typename L::Element* x, std::int64_t stride) {
  if constexpr (known == 1) {
    return L::load(x);
  } else if constexpr (known == 2) {
    return L(every_other(L::load(x).v, L::load(x + L::size - 1).v,
                         std::make_integer_sequence<int, L::size>()));
  } else {
    L lane;
    for (int i = 0; i < L::size; ++i) lane.v[i] = x[i * stride];
    return lane;
  }
}
/// y = a[0], b[0], a[1], b[1], ...
template <class L>
void store_in_turns(const L& a, const L& b, typename L::Element* y) {
  constexpr std::make_integer_sequence<int, L::size> all;
  L(in_turns<0>(a.v, b.v, all)).store(y);
  L(in_turns<1>(a.v, b.v, all)).store(y + L::size);
}

/// The widest lanes of T, at most as wide as Width's, that `count` elements fill.
/// Calls f.operator()<Lane>() with them; false if there are none.
template <class Width, class T, class F>
bool with_filled_lanes(std::int64_t count, F f) {
  if (count >= Lane<T, Width>::size) {
    f.template operator()<Lane<T, Width>>();
    return true;
  }
  if constexpr (Width::bytes == Avx512::bytes)
    return with_filled_lanes<Avx2, T>(count, f);
  else if constexpr (Width::bytes == Avx2::bytes)
    return with_filled_lanes<Baseline, T>(count, f);
  else
    return false;
}
/// Calls f(first element) for lanes that cover `count` elements, which fill one at least. The last
/// one may overlap the one before.
template <class L, class F>
void for_filled_lanes(std::int64_t count, F f) {
  std::int64_t i = 0;
  for (; i + L::size < count; i += L::size) f(i);
  f(count - L::size);
}

}  // namespace xgrad::detail
