// padding.hpp: edges around tensors, windows as columns, and channels as places.
#pragma once

#include <string_view>
#include <vector>

#include <xgrad/graph/operand.hpp>
#include <xgrad/ops/per_axis.hpp>

namespace xgrad {

/// More positions at both ends of the last axes: {left, right} of the last, then of the one before,
/// and so on. By mode they hold "constant" (value), "reflect" (mirrored without the edge),
/// "replicate" (the edge) or "circular" (the other end); but for "constant", x is (N, C, ...) or
/// (C, ...), and all of its one to three other axes are padded. Negative numbers take away.
/// With "circular" they are taken away first. @throws ShapeError for an odd number or too many of
/// them, a reflection beyond the axis, more of the other end than there is; ValueError for another
/// mode.
/// @grad dx = dy, added back where it came from.
/// @check pad(x, {1, 2, -1, 1}); x [3, 4]
/// @check pad(x, {2, 1}, "reflect"); x [1, 2, 4]
/// @check pad(x, {1, 1}, "constant", 3); x [2, 3]
/// @check pad(x, {2, 1, -1, 2}, "circular"); x [1, 2, 3, 4]
Tensor pad(Operand x, const std::vector<std::int64_t>& pad, std::string_view mode = "constant",
           double value = 0);

/// Optional arguments of unfold and fold.
struct WindowOptions {
  Extent dilation = 1;  ///< distance of positions within a window
  Extent padding = 0;   ///< zeros around x
  Extent stride = 1;    ///< distance of windows
};
/// The windows of images (N, C, H, W) as columns: (N, C kh kw, windows). (C, H, W) likewise.
/// @throws ShapeError if no window fits. @grad dx = fold(dy).
/// @check unfold(x, 2, {.padding = 1}); x [1, 2, 3, 3]
Tensor unfold(Operand x, const Extent& kernel_size, const WindowOptions& options);
/// Columns (N, C kh kw, windows) added up to images of output_size. @grad dx = unfold(dy).
/// @check fold(x, {4, 4}, 2); x [1, 8, 9]
Tensor fold(Operand x, const Extent& output_size, const Extent& kernel_size,
            const WindowOptions& options = {});

/// (..., C r r, H, W) to (..., C, H r, W r) (Shi et al., CVPR 2016), and back.
/// @throws ShapeError if channels, or sizes, do not divide.
/// @check pixel_shuffle(x, 2); x [1, 4, 2, 3]
Tensor pixel_shuffle(Operand x, std::int64_t upscale_factor);
/// @check pixel_unshuffle(x, 2); x [1, 1, 4, 2]
Tensor pixel_unshuffle(Operand x, std::int64_t downscale_factor);
/// Channels (N, C, ...) dealt out to groups and back in their order (Zhang et al., CVPR 2018).
/// @check channel_shuffle(x, 2); x [1, 4, 2]
Tensor channel_shuffle(Operand x, std::int64_t groups);

}  // namespace xgrad
