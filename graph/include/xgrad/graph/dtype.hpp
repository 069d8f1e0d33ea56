// dtype.hpp: the element types of tensors, and `dispatch`, which selects code by type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace xgrad {

/// The element type of a tensor, in order of promotion. Only float32 and float64 carry gradients.
enum class DType : std::uint8_t { bool_, int64, float32, float64 };

inline constexpr DType bool_ = DType::bool_;
inline constexpr DType int64 = DType::int64;
inline constexpr DType float32 = DType::float32;
inline constexpr DType float64 = DType::float64;

// Code that depends on the dtype uses `dispatch` or a switch without a default, and the library is
// compiled with -Werror=switch. A new dtype does not compile until every switch handles it.

constexpr bool is_floating(DType d) {
  switch (d) {
    case DType::bool_:
    case DType::int64:
      return false;
    case DType::float32:
    case DType::float64:
      return true;
  }
  __builtin_unreachable();
}
constexpr std::size_t size_of(DType d) {
  switch (d) {
    case DType::bool_:
      return 1;
    case DType::float32:
      return 4;
    case DType::int64:
    case DType::float64:
      return 8;
  }
  __builtin_unreachable();
}
/// The name of the dtype, as PyTorch prints it without "torch.": "float32".
std::string_view name(DType d);
inline std::string to_string(DType d) { return std::string(name(d)); }
std::ostream& operator<<(std::ostream& out, DType d);

namespace detail {
[[noreturn]] void throw_not_floating(DType d);  // reports a bug in the library

template <class T>
struct DTypeOf;
template <>
struct DTypeOf<bool> : std::integral_constant<DType, DType::bool_> {};
template <>
struct DTypeOf<std::int64_t> : std::integral_constant<DType, DType::int64> {};
template <>
struct DTypeOf<float> : std::integral_constant<DType, DType::float32> {};
template <>
struct DTypeOf<double> : std::integral_constant<DType, DType::float64> {};
}  // namespace detail

/// The DType of the C++ type T: bool, std::int64_t, float or double.
template <class T>
inline constexpr DType dtype_of = detail::DTypeOf<T>::value;

/// The C++ types of tensor elements: bool, std::int64_t, float and double.
template <class T>
concept Element = requires {
  detail::DTypeOf<T>::value;
};

namespace detail {
/// Converts a number to another type. NaN and floats beyond int64's range become the smallest
/// int64, as in PyTorch on x86; in C++ that conversion is undefined.
template <class To, class From>
constexpr To converted(From x) noexcept {
  if constexpr (std::is_same_v<To, bool>) {
    return x != From(0);
  } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) {
    if constexpr (std::numeric_limits<To>::digits == 64)
      if (x >= From(0x1p63) && x < From(0x1p64)) return static_cast<To>(x);
    const bool fits = x >= From(-0x1p63) && x < From(0x1p63);
    return static_cast<To>(fits ? static_cast<std::int64_t>(x)
                                : std::numeric_limits<std::int64_t>::min());
  } else {
    return static_cast<To>(x);
  }
}
}  // namespace detail

/// Calls f.operator()<T>(), where T is the C++ type of d.
template <class F>
decltype(auto) dispatch(DType d, F&& f) {
  switch (d) {
    case DType::bool_:
      return f.template operator()<bool>();
    case DType::int64:
      return f.template operator()<std::int64_t>();
    case DType::float32:
      return f.template operator()<float>();
    case DType::float64:
      return f.template operator()<double>();
  }
  __builtin_unreachable();
}

/// `dispatch` for a d that is float32 or float64. @throws DTypeError otherwise.
template <class F>
decltype(auto) dispatch_floating(DType d, F&& f) {
  switch (d) {
    case DType::float32:
      return f.template operator()<float>();
    case DType::float64:
      return f.template operator()<double>();
    case DType::bool_:
    case DType::int64:
      break;
  }
  detail::throw_not_floating(d);
}

}  // namespace xgrad
