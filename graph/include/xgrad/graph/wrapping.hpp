// wrapping.hpp: integer arithmetic that wraps around, as PyTorch's does.
//
// Signed overflow is undefined in C++, so these functions compute on std::uint64_t. For
// floating-point numbers and bools they are plain + and *.
#pragma once

#include <cstdint>
#include <type_traits>

namespace xgrad::detail {

/// The type that T is computed in: std::uint64_t for std::int64_t, otherwise T.
template <class T>
using Wrapping = std::conditional_t<std::is_same_v<T, std::int64_t>, std::uint64_t, T>;

template <class T>
constexpr T wrapping_add(T a, T b) noexcept {
  return static_cast<T>(static_cast<Wrapping<T>>(a) + static_cast<Wrapping<T>>(b));
}
template <class T>
constexpr T wrapping_mul(T a, T b) noexcept {
  return static_cast<T>(static_cast<Wrapping<T>>(a) * static_cast<Wrapping<T>>(b));
}

}  // namespace xgrad::detail
