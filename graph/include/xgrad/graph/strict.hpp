// strict.hpp: arguments that take their own kind of number only.
//
// C++ converts between bool, integers and floating-point numbers without a word, so that
// `sum(x, 0, 1)` would mean keepdim and `max(x, 0.0)` an axis. Arguments of these types refuse that
// at compile time.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

namespace xgrad {
namespace detail {

template <class T, class From>
concept SameKind = (std::is_same_v<T, bool> ==
                    std::is_same_v<From, bool>)&&std::is_integral_v<From>;

}  // namespace detail

/// A T as an argument: implicit from a bool if T is bool, else from integers alone. An integer
/// beyond T's range becomes T's nearest one, which no axis has.
template <class T>
class Strict {
 public:
  template <class From>
  requires detail::SameKind<T, From>
  constexpr Strict(From value) noexcept : value_(nearest(value)) {}
  constexpr operator T() const noexcept { return value_; }
  friend constexpr T format_as(Strict x) noexcept { return x; }  // fmt prints it by this

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
using Dim = Strict<int>;             ///< an axis; negative ones count from the end
using Count = Strict<std::int64_t>;  ///< how many

}  // namespace xgrad
