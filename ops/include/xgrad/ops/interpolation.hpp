// interpolation.hpp: resizing of images.
#pragma once

#include <string_view>

#include <xgrad/graph/operand.hpp>
#include <xgrad/ops/per_axis.hpp>

namespace xgrad {

struct InterpolateOptions {
  Extent size = {};                     ///< the spatial sizes of the result; or
  PerAxis<double> scale_factor = {};    ///< factors of the spatial sizes
  std::string_view mode = "nearest";    ///< nearest, nearest-exact, linear, bilinear, bicubic,
                                        ///< trilinear, area
  bool align_corners = false;           ///< aligns the centers of corner pixels; linear and cubic
  bool recompute_scale_factor = false;  ///< uses the ratio of the (rounded) sizes
  bool antialias = false;               ///< low-pass filter for shrinking; bilinear and bicubic
};
/// Resizes images x (N, C, sizes...). float32 or float64.
/// @throws ShapeError if x has the wrong number of spatial dims for the mode; ValueError for
/// another mode, if both or neither of size and scale_factor are given, or for an empty result.
/// @grad dx = the transposed linear map of dy.
/// @check interpolate(x, {.size = 7, .mode = "linear"}); x [1, 2, 4]
/// @check interpolate(x, {.scale_factor = 1.7, .mode = "bicubic", .align_corners = true}); x [1, 1,
/// 3, 4]
/// @check interpolate(x, {.size = 2, .mode = "bilinear", .antialias = true}); x [1, 1, 5, 4]
Tensor interpolate(Operand x, const InterpolateOptions& options);
/// Another name of interpolate.
inline Tensor upsample(Operand x, const InterpolateOptions& options) {
  return interpolate(x, options);
}

}  // namespace xgrad
