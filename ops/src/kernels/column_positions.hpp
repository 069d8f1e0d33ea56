// column_positions.hpp: the elements of images that lie under windows.
#pragma once

#include <cstdint>

namespace xgrad::detail {

/// Windows over `planes` images of (size[0], size[1]): `count` of them along each axis.
struct ImageWindows {
  std::int64_t planes, size[2];
  std::int64_t kernel[2], dilation[2], padding[2], stride[2], count[2];
};

/// For each plane, place in the window and window the position of the element there, among those
/// of all images; -1 in the padding: (planes, kernel[0], kernel[1], count[0], count[1]).
void column_positions(const ImageWindows& windows, std::int64_t* y);

}  // namespace xgrad::detail
