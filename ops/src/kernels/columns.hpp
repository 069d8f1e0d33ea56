// columns.hpp: the windows of images as columns of a matrix, and back.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// Windows over `planes` images of (size[0], size[1]): `count` of them along each axis.
struct ImageWindows {
  std::int64_t planes, size[2];
  std::int64_t kernel[2], dilation[2], padding[2], stride[2], count[2];
};

/// For each plane, place in the window and window the element there, 0 in the padding:
/// y (planes, kernel[0], kernel[1], count[0], count[1]).
void columns_of_images(DType dtype, const ImageWindows& windows, const void* x, void* y);
/// The transposed map, from such a y to images x, which it is added to or replaces.
void images_of_columns(DType dtype, const ImageWindows& windows, const void* y, bool accumulate,
                       void* x);

}  // namespace xgrad::detail
