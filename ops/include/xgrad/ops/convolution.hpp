// convolution.hpp: sums of products under a window that moves over images.
//
// x is (N, C, sizes...) or (C, sizes...), with as many sizes as the name says. float32 (by oneDNN
// where it was found) or float64; all tensors have one dtype.
#pragma once

#include <xgrad/graph/operand.hpp>
#include <xgrad/ops/per_axis.hpp>

namespace xgrad {

struct ConvOptions {
  Tensor bias = {};         ///< (out): added to each channel; none if undefined
  Extent stride = 1;        ///< distance of windows
  Padding padding = 0;      ///< zeros on both sides; "valid", or "same" (for stride 1)
  Extent dilation = 1;      ///< distance of positions within a window
  std::int64_t groups = 1;  ///< channels are cut into as many parts, each with its own windows
};
/// y[o] = bias[o] + the sum over channels and window of weight[o] x, weight (out, C / groups,
/// window...), which is not mirrored: a cross-correlation.
/// @throws ShapeError, DTypeError for what does not go together; ValueError for settings out of
/// range.
/// @grad dx is the transposed convolution of dy, dweight the convolution of x with dy, dbias the
/// sum of dy; reads x and weight. Any order.
/// @check conv1d(x, w, {.bias = b}); x [2, 2, 5], w [3, 2, 3], b [3]
Tensor conv1d(Operand x, Operand weight, const ConvOptions& options = {});
/// @check conv2d(x, w, {.bias = b, .stride = 2, .padding = 1}); x [1, 2, 4, 3], w [2, 2, 3, 2], b
/// [2]
/// @check conv2d(x, w, {.padding = "same", .dilation = 2, .groups = 2}); x [2, 4, 3], w [4, 1, 2,
/// 2]
Tensor conv2d(Operand x, Operand weight, const ConvOptions& options = {});
/// @check conv3d(x, w); x [1, 2, 2, 3, 2], w [2, 2, 2, 2, 1]
Tensor conv3d(Operand x, Operand weight, const ConvOptions& options = {});

struct ConvTransposeOptions {
  Tensor bias = {};           ///< (out)
  Extent stride = 1;          ///< distance of the windows that are added up
  Extent padding = 0;         ///< positions taken from both sides
  Extent output_padding = 0;  ///< positions added at the end of the result
  std::int64_t groups = 1;
  Extent dilation = 1;
};
/// The transposed map: what a convolution's gradient does with dy. weight is (C, out / groups,
/// window...). Errors and gradients as for conv.
/// @check conv_transpose1d(x, w, {.bias = b}); x [2, 2, 3], w [2, 3, 2], b [3]
Tensor conv_transpose1d(Operand x, Operand weight, const ConvTransposeOptions& options = {});
/// @check conv_transpose2d(x, w, {.stride = 2, .padding = 1, .output_padding = 1}); x [1, 2, 2, 3],
/// w [2, 2, 3, 3]
Tensor conv_transpose2d(Operand x, Operand weight, const ConvTransposeOptions& options = {});
/// @check conv_transpose3d(x, w); x [1, 2, 2, 1, 2], w [2, 1, 1, 2, 2]
Tensor conv_transpose3d(Operand x, Operand weight, const ConvTransposeOptions& options = {});

}  // namespace xgrad
