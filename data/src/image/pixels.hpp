// pixels.hpp: a decoded picture, and the decoders.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace xgrad::data::detail {

/// Red, green and blue of each pixel, row by row.
struct Pixels {
  std::int64_t height = 0, width = 0;
  std::vector<unsigned char> rgb;

  /// Memory for all pixels. @throws MemoryError
  void allocate();
};

using FileBytes = std::span<const unsigned char>;

/// How a decoder refuses a file.
struct ImageLimits {
  std::int64_t max_pixels;
  std::function<void(const std::string& why)> fail;  ///< throws

  /// Refuses sizes that are above the limit, or that take more than `possible` pixels.
  void check(std::int64_t width, std::int64_t height, std::int64_t possible) const;
};

Pixels decode_png(FileBytes file, const ImageLimits& limits);
Pixels decode_jpeg(FileBytes file, const ImageLimits& limits);

}  // namespace xgrad::data::detail
