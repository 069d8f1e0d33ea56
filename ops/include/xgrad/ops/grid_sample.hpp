// grid_sample.hpp: sampling of images at arbitrary points.
#pragma once

#include <string_view>
#include <vector>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

struct GridSampleOptions {
  std::string_view mode = "bilinear";       ///< bilinear, nearest, or bicubic (4-d x only)
  std::string_view padding_mode = "zeros";  ///< zeros, border, reflection
  bool align_corners = false;  ///< -1 and 1 are the centers of the corner pixels, not their edges
};
/// Samples images x (N, C, H, W) at the points of grid (N, h, w, 2). A point is (x, y), and
/// [-1, 1] spans the image. The result is (N, C, h, w). For x (N, C, D, H, W), grid is
/// (N, d, h, w, 3) and the result (N, C, d, h, w).
/// @throws ShapeError if shapes or dtypes do not match; ValueError for an unknown mode.
/// @grad made of ops; flows to x and, except for nearest, to grid.
/// @check grid_sample(x, g); x [1, 2, 3, 4], g [1, 2, 3, 2] in (-0.8, 0.8)
/// @check grid_sample(x, g, {.mode = "bicubic", .padding_mode = "reflection"}); x [1, 1, 3, 3], g
/// [1, 2, 2, 2] in (-1.2, 1.2)
Tensor grid_sample(Operand x, Operand grid, const GridSampleOptions& options = {});
/// The grid for grid_sample that applies affine transforms theta to images of `size`: theta is
/// (N, 2, 3) for size (N, C, H, W), or (N, 3, 4) for size (N, C, D, H, W).
/// @check affine_grid(x, {1, 1, 2, 3}); x [1, 2, 3]
Tensor affine_grid(Operand theta, const std::vector<std::int64_t>& size,
                   Flag align_corners = false);

}  // namespace xgrad
