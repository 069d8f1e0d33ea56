// range.hpp: checks of ranges of positions that cannot overflow, for unchecked numbers.
#pragma once

#include <cstdint>

namespace xgrad::detail {

/// Whether [start, start + length) lies within [0, size), for any values of the arguments.
constexpr bool range_fits(std::int64_t start, std::int64_t length, std::int64_t size) noexcept {
  return start >= 0 && length >= 0 && start <= size && length <= size - start;
}

/// The number of positions start, start + step, ... below end. The step must be at least 1.
constexpr std::int64_t range_count(std::int64_t start, std::int64_t end,
                                   std::int64_t step) noexcept {
  if (end <= start) return 0;
  const std::uint64_t distance =
      static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(start);
  return static_cast<std::int64_t>((distance - 1) / static_cast<std::uint64_t>(step) + 1);
}

}  // namespace xgrad::detail
