// image.hpp: pictures in PNG and JPEG files.
#pragma once

#include <cstdint>
#include <string>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::data {

enum class ImageMode {
  rgb,   ///< 3 channels; grey pictures have the same values in each
  grey,  ///< 1 channel, of colours 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601)
};

struct ReadImageOptions {
  ImageMode mode = ImageMode::rgb;
  std::int64_t max_pixels = 100'000'000;  ///< a file that claims more is refused
};

/// Reads a picture as (channels, height, width), float32 in [0, 1].
///
/// PNG files may be grey, coloured or of a palette, interlaced, and of any depth, of which 8 bits
/// are kept; transparency is left out. JPEG files may be grey or coloured, and progressive. Colour
/// profiles and the orientation in EXIF data change nothing. The content decides, not the name.
///
/// @throws IoError  if the file is missing or no regular file; if it is neither PNG nor JPEG; if it
/// is
///                  truncated or damaged; for CMYK; if it claims more than max_pixels, or more than
///                  a file of its size can hold, before memory is allocated for them.
Tensor read_image(const std::string& path, const ReadImageOptions& options = {},
                  Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad::data
