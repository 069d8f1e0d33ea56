// odometer.hpp: the indices of a row-major shape, one after the other.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace xgrad::detail {

/// The index of element `start` of a row-major shape, and then of those behind it. The shape has at
/// most `max_axes` axes, none of size 0.
class Odometer {
 public:
  static constexpr std::size_t max_axes = 20;

  Odometer(std::span<const std::int64_t> sizes, std::int64_t start) : sizes_(sizes) {
    for (std::size_t d = sizes.size(); d-- > 0; start /= sizes[d]) index_[d] = start % sizes[d];
  }
  std::int64_t operator[](std::size_t axis) const { return index_[axis]; }
  /// Steps to the next index, behind the last one to the first. Returns the first axis along which
  /// it changed.
  std::size_t next() {
    for (std::size_t d = sizes_.size(); d-- > 0; index_[d] = 0)
      if (++index_[d] < sizes_[d]) return d;
    return 0;
  }

 private:
  std::span<const std::int64_t> sizes_;
  std::array<std::int64_t, max_axes> index_;
};

}  // namespace xgrad::detail
