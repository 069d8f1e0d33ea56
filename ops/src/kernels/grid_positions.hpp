// grid_positions.hpp: the elements of images at places that tensors hold.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// Images (batch, channels, size...) of two or three axes, and `points` places in each image.
struct GridSizes {
  std::int64_t batch, channels, points;
  int axes;
  std::int64_t size[3];
};

/// y (batch, channels, points) = the position among all elements of the images of each point, whose
/// place along axis d is places[d] (batch, points); -1 for one outside, or NaN. Places are whole
/// numbers of a floating dtype.
void grid_positions(DType dtype, const GridSizes& sizes, const void* const (&places)[3],
                    std::int64_t* y);

}  // namespace xgrad::detail
