// strict.hpp: parameter types for bools and integers without implicit conversions.
//
// C++ converts silently between bool, integers and floating-point numbers: the 1 in `sum(x, 0, 1)`
// would be keepdim, and the 0.0 in `max(x, 0.0)` an axis. Parameters of these types make such calls
// a compile error.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

namespace xgrad {
namespace detail {

/// Characters are not numbers.
template <class T>
inline constexpr bool is_character =
    std::is_same_v<T, char> || std::is_same_v<T, wchar_t> || std::is_same_v<T, char8_t> ||
    std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t>;

template <class T, class From>
concept SameKind = std::is_integral_v<From> && !is_character<From> &&
                   std::is_same_v<T, bool> == std::is_same_v<From, bool>;

}  // namespace detail

/// A parameter of type T. It converts implicitly from bool if T is bool, otherwise only from
/// integers. An integer beyond T's range becomes T's nearest limit, which is no valid axis.
template <class T>
class Strict {
 public:
  template <class From>
  requires detail::SameKind<T, From>
  constexpr Strict(From value) noexcept : value_(nearest(value)) {}
  constexpr operator T() const noexcept { return value_; }
  friend constexpr T format_as(Strict x) noexcept { return x; }  // used by fmt

 private:
  template <class From>
  static constexpr T nearest(From value) noexcept {
    if constexpr (std::is_same_v<T, bool>) {
      return value;
    } else {
      using Limits = std::numeric_limits<T>;
      if (std::cmp_less(value, Limits::min())) return Limits::min();
      if (std::cmp_greater(value, Limits::max())) return Limits::max();
      return static_cast<T>(value);
    }
  }
  T value_;
};

using Flag = Strict<bool>;           ///< true or false: keepdim, descending, ...
using Dim = Strict<int>;             ///< an axis; negative values count from the end
using Count = Strict<std::int64_t>;  ///< a number of elements

}  // namespace xgrad
