// padding.hpp: padding, unfold and fold, and ops that move channels into space.
#pragma once

#include <string_view>
#include <vector>

#include <xgrad/graph/operand.hpp>
#include <xgrad/ops/per_axis.hpp>

namespace xgrad {

/// Pads the last dims of x. `pad` is {left, right} of the last dim, then of the dim before it, and
/// so on. Negative values remove elements.
///
/// - "constant" pads with value.
/// - "reflect" mirrors x at its edge elements, without repeating them.
/// - "replicate" repeats the edge elements.
/// - "circular" continues with the elements of the other end; negative values are applied first.
///
/// For modes other than "constant", x is (N, C, sizes...) or (C, sizes...) with 1 to 3 sizes, all
/// of which must be padded.
/// @throws ShapeError if pad has an odd number of values or too many, or if x is too small for the
/// mode; ValueError for another mode.
/// @grad dx = dy, added at the elements that were copied.
/// @check pad(x, {1, 2, -1, 1}); x [3, 4]
/// @check pad(x, {2, 1}, "reflect"); x [1, 2, 4]
/// @check pad(x, {1, 1}, "constant", 3); x [2, 3]
/// @check pad(x, {2, 1, -1, 2}, "circular"); x [1, 2, 3, 4]
Tensor pad(Operand x, const std::vector<std::int64_t>& pad, std::string_view mode = "constant",
           double value = 0);

/// Optional arguments of unfold and fold.
struct WindowOptions {
  Extent dilation = 1;  ///< step between elements of a window
  Extent padding = 0;   ///< zeros on both sides of x
  Extent stride = 1;    ///< step between windows
};
/// Extracts the windows of images (N, C, H, W) into columns (N, C kh kw, L), where L is the number
/// of windows. x may lack N. @throws ShapeError if no window fits. @grad dx = fold(dy).
/// @check unfold(x, 2, {.padding = 1}); x [1, 2, 3, 3]
Tensor unfold(Operand x, const Extent& kernel_size, const WindowOptions& options);
/// Sums columns (N, C kh kw, L) into images (N, C, output_size), the inverse of unfold where
/// windows do not overlap. @grad dx = unfold(dy).
/// @check fold(x, {4, 4}, 2); x [1, 8, 9]
Tensor fold(Operand x, const Extent& output_size, const Extent& kernel_size,
            const WindowOptions& options = {});

/// pixel_shuffle rearranges (..., C r r, H, W) to (..., C, H r, W r) (Shi et al., CVPR 2016);
/// pixel_unshuffle is its inverse. @throws ShapeError if channels or sizes are not divisible.
/// @check pixel_shuffle(x, 2); x [1, 4, 2, 3]
Tensor pixel_shuffle(Operand x, std::int64_t upscale_factor);
/// @check pixel_unshuffle(x, 2); x [1, 1, 4, 2]
Tensor pixel_unshuffle(Operand x, std::int64_t downscale_factor);
/// Splits the channels of x (N, C, ...) into groups and interleaves the groups (Zhang et al., CVPR
/// 2018). @throws ShapeError unless C is divisible by groups.
/// @check channel_shuffle(x, 2); x [1, 4, 2]
Tensor channel_shuffle(Operand x, std::int64_t groups);

}  // namespace xgrad
