// convolution.hpp: convolutions and transposed convolutions in 1 to 3 dims.
//
// x is (N, C, sizes...) or (C, sizes...); conv1d has one spatial size, conv2d two, conv3d three.
// All tensors are float32 or all are float64. float32 uses oneDNN if it was found at build time.
#pragma once

#include <xgrad/graph/operand.hpp>
#include <xgrad/ops/per_axis.hpp>

namespace xgrad {

struct ConvOptions {
  Tensor bias = {};     ///< (out): added to each output channel; undefined for none
  Extent stride = 1;    ///< step between windows
  Padding padding = 0;  ///< zeros on both sides; "valid" for none, "same" (stride 1) for x's size
  Extent dilation = 1;  ///< step between kernel elements
  std::int64_t groups = 1;  ///< splits the channels into groups that are convolved separately
};
/// Convolves x with weight (out, C / groups, kernel sizes...) and adds bias. As in PyTorch, this is
/// a cross-correlation: the kernel is not flipped.
/// @throws ShapeError, DTypeError if shapes or dtypes do not match; ValueError if an option is out
/// of range.
/// @grad dx is the transposed convolution of dy with weight, dweight the convolution of x with dy,
/// dbias the sum of dy; saves x and weight. Differentiable any number of times.
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
  Extent stride = 1;          ///< step between the windows that are summed
  Extent padding = 0;         ///< elements removed from both sides of the result
  Extent output_padding = 0;  ///< elements added at the end of the result
  std::int64_t groups = 1;
  Extent dilation = 1;
};
/// Transposed convolution: maps x as the gradient of a convolution maps dy. weight is
/// (C, out / groups, kernel sizes...). Errors and gradients are those of conv1d.
/// @check conv_transpose1d(x, w, {.bias = b}); x [2, 2, 3], w [2, 3, 2], b [3]
Tensor conv_transpose1d(Operand x, Operand weight, const ConvTransposeOptions& options = {});
/// @check conv_transpose2d(x, w, {.stride = 2, .padding = 1, .output_padding = 1}); x [1, 2, 2, 3],
/// w [2, 2, 3, 3]
Tensor conv_transpose2d(Operand x, Operand weight, const ConvTransposeOptions& options = {});
/// @check conv_transpose3d(x, w); x [1, 2, 2, 1, 2], w [2, 1, 1, 2, 2]
Tensor conv_transpose3d(Operand x, Operand weight, const ConvTransposeOptions& options = {});

}  // namespace xgrad
