// png.hpp: images as PNG.
#pragma once

#include <cstdint>
#include <string>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::viz {

/// 8-bit pixels, row by row, channels side by side: grey, RGB or RGBA.
struct Pixels {
  std::int64_t height = 0, width = 0, channels = 1;
  std::string bytes;
};

/// The file of an image, by zlib. @throws MemoryError  if memory runs out.
std::string png(const Pixels& image);

/// The pixels of Run::image. Elements that are not finite are black.
/// @throws ShapeError  for another shape than Run::image takes.
Pixels pixels_of(const Tensor& image, bool normalize, Site site);

/// Base64 of RFC 4648, with padding.
std::string base64(const std::string& bytes);

}  // namespace xgrad::viz
