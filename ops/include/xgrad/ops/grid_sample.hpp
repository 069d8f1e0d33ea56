// grid_sample.hpp: images at points of one's own.
#pragma once

#include <string_view>
#include <vector>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

struct GridSampleOptions {
  std::string_view mode = "bilinear";       ///< bilinear, nearest, bicubic (in two axes)
  std::string_view padding_mode = "zeros";  ///< zeros, border, reflection
  bool align_corners = false;               ///< -1 and 1 are the corner pixels' middles
};
/// Images (N, C, H, W) at the points of a grid (N, h, w, 2), x before y, in [-1, 1] over the image;
/// or (N, C, D, H, W) at (N, d, h, w, 3).
/// @throws ShapeError, ValueError for what does not fit.
/// @grad made of ops; for x and, but for nearest, for the grid.
/// @check grid_sample(x, g); x [1, 2, 3, 4], g [1, 2, 3, 2] in (-0.8, 0.8)
/// @check grid_sample(x, g, {.mode = "bicubic", .padding_mode = "reflection"}); x [1, 1, 3, 3], g
/// [1, 2, 2, 2] in (-1.2, 1.2)
Tensor grid_sample(Operand x, Operand grid, const GridSampleOptions& options = {});
/// The points of an image of `size` (N, C, H, W), or with D, moved by theta (N, 2, 3) or (N, 3, 4).
/// @check affine_grid(x, {1, 1, 2, 3}); x [1, 2, 3]
Tensor affine_grid(Operand theta, const std::vector<std::int64_t>& size,
                   Flag align_corners = false);

}  // namespace xgrad
