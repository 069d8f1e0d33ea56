// interpolation.hpp: images at other sizes.
#pragma once

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

}  // namespace xgrad
