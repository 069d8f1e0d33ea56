// repeat.hpp: loops that are written out, so that what they index can stay in registers.
#pragma once

#include <type_traits>
#include <utility>

namespace xgrad::detail {

template <class F, int... i>
__attribute__((always_inline)) inline void repeat(F f, std::integer_sequence<int, i...>) {
  (f(std::integral_constant<int, i>()), ...);
}
/// f(std::integral_constant<int, i>()) for each i < n.
template <int n, class F>
__attribute__((always_inline)) inline void repeat(F f) {
  repeat(f, std::make_integer_sequence<int, n>());
}

}  // namespace xgrad::detail
