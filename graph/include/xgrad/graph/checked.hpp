// checked.hpp: arithmetic on sizes and positions that may come from anywhere.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace xgrad::detail {

// Sum, difference and product; none where they do not fit into 64 bits.
constexpr std::optional<std::int64_t> checked_add(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t result = 0;
  if (__builtin_add_overflow(a, b, &result)) return std::nullopt;
  return result;
}
constexpr std::optional<std::int64_t> checked_sub(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t result = 0;
  if (__builtin_sub_overflow(a, b, &result)) return std::nullopt;
  return result;
}
constexpr std::optional<std::int64_t> checked_mul(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
  return result;
}

/// A whole number for longer formulas: once a step does not fit into 64 bits, or divides by 0,
/// nothing computed from it does.
///
///     const Checked size = (Checked(in) + Checked(padding) * 2 - kernel) / stride + 1;
///     if (!size.fits()) throw ShapeError(...);
class Checked {
 public:
  constexpr Checked(std::int64_t value) noexcept : value_(value) {}
  constexpr bool fits() const noexcept { return value_.has_value(); }
  /// The number; only where it fits.
  constexpr std::int64_t value() const noexcept { return *value_; }

  friend constexpr Checked operator+(Checked a, Checked b) noexcept {
    return both(a, b) ? Checked(checked_add(*a.value_, *b.value_)) : Checked(std::nullopt);
  }
  friend constexpr Checked operator-(Checked a, Checked b) noexcept {
    return both(a, b) ? Checked(checked_sub(*a.value_, *b.value_)) : Checked(std::nullopt);
  }
  friend constexpr Checked operator*(Checked a, Checked b) noexcept {
    return both(a, b) ? Checked(checked_mul(*a.value_, *b.value_)) : Checked(std::nullopt);
  }
  /// Towards 0, as / of whole numbers.
  friend constexpr Checked operator/(Checked a, Checked b) noexcept {
    if (!both(a, b) || *b.value_ == 0) return Checked(std::nullopt);
    return *b.value_ == -1 ? 0 - a : Checked(*a.value_ / *b.value_);
  }

 private:
  constexpr explicit Checked(std::optional<std::int64_t> value) noexcept : value_(value) {}
  static constexpr bool both(Checked a, Checked b) noexcept { return a.fits() && b.fits(); }
  std::optional<std::int64_t> value_;
};

/// Whether [start, start + length) lies within [0, size), whatever the numbers.
constexpr bool range_fits(std::int64_t start, std::int64_t length, std::int64_t size) noexcept {
  return start >= 0 && length >= 0 && start <= size && length <= size - start;
}

/// start + length, but at most size: the end of a range that is cut off there. For a start and a
/// length of at least 0.
constexpr std::int64_t range_end(std::int64_t start, std::int64_t length,
                                 std::int64_t size) noexcept {
  return std::min(size, checked_add(start, length).value_or(size));
}

/// Positions start, start + step, ... before end: how many there are. For a step of at least 1.
constexpr std::int64_t range_count(std::int64_t start, std::int64_t end,
                                   std::int64_t step) noexcept {
  if (end <= start) return 0;
  const std::uint64_t distance =
      static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(start);
  return static_cast<std::int64_t>((distance - 1) / static_cast<std::uint64_t>(step) + 1);
}

}  // namespace xgrad::detail
