// interpolation.hpp: images at other sizes, and at points of one's own.
#pragma once

#include <string>
#include <string_view>

#include <xgrad/graph/operand.hpp>
#include <xgrad/ops/per_axis.hpp>

namespace xgrad {

struct InterpolateOptions {
  Extent size = {};                     ///< of the result, or
  PerAxis<double> scale_factor = {};    ///< how much larger it is
  std::string_view mode = "nearest";    ///< nearest, nearest-exact, linear, bilinear, bicubic,
                                        ///< trilinear, area
  bool align_corners = false;           ///< corners are pixels' middles; not for nearest and area
  bool recompute_scale_factor = false;  ///< from the sizes, where they were rounded
  bool antialias = false;               ///< wider filters where images shrink; bilinear and bicubic
};
/// Images (N, C, sizes...) at another size. float32 or float64.
/// @throws ShapeError for other numbers of axes than the mode has; ValueError for another mode,
/// both or neither of size and scale_factor, or a result without elements.
/// @grad the transposed map of dy.
/// @check interpolate(x, {.size = 7, .mode = "linear"}); x [1, 2, 4]
/// @check interpolate(x, {.scale_factor = 1.7, .mode = "bicubic", .align_corners = true}); x [1, 1,
/// 3, 4]
/// @check interpolate(x, {.size = 2, .mode = "bilinear", .antialias = true}); x [1, 1, 5, 4]
Tensor interpolate(Operand x, const InterpolateOptions& options);
/// The same by its other name, by nearest neighbours if not told otherwise.
inline Tensor upsample(Operand x, const InterpolateOptions& options) {
  return interpolate(x, options);
}

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
