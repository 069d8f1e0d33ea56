// convolution.hpp: convolutions as modules, from one to three axes.
#pragma once

#include <string>
#include <vector>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/per_axis.hpp>

namespace xgrad::nn {

struct ConvOptions {
  Extent stride = 1;
  Padding padding = 0;  ///< numbers, "valid", or "same" (for stride 1)
  Extent dilation = 1;
  std::int64_t groups = 1;
  bool bias = true;
  std::string padding_mode = "zeros";  ///< "zeros", "reflect", "replicate" or "circular"
  DType dtype = float32;
};

/// The layers Conv1d, Conv2d and Conv3d: x (N, in_channels, sizes...) or (in_channels, sizes...) to
/// (N, out_channels, sizes...). See the op conv2d.
///
/// The weight is (out_channels, in_channels / groups, kernel...), the bias (out_channels). Both
/// start uniform in +-1 / sqrt(fan_in), fan_in = in_channels / groups * the kernel's size, drawn
/// from the thread's generator.
/// @throws ValueError  for channels that the groups do not divide, settings out of range, or
///                     another padding mode.
template <class Self, int axes>
class ConvNd : public Layer<Self> {
 public:
  ConvNd(std::int64_t in_channels, std::int64_t out_channels, const Extent& kernel_size,
         ConvOptions options = {}, Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x) const;
  std::string details() const override;
  std::int64_t multiply_adds(const std::vector<Shape>& inputs,
                             const std::vector<Shape>& outputs) const override;

  Tensor weight;
  Tensor bias;  ///< Undefined without one.

 private:
  ConvOptions options_;
};
class Conv1d : public ConvNd<Conv1d, 1> {
  using ConvNd::ConvNd;
};
class Conv2d : public ConvNd<Conv2d, 2> {
  using ConvNd::ConvNd;
};
class Conv3d : public ConvNd<Conv3d, 3> {
  using ConvNd::ConvNd;
};

struct ConvTransposeOptions {
  Extent stride = 1;
  Extent padding = 0;         ///< positions removed from both sides
  Extent output_padding = 0;  ///< positions added at the end
  std::int64_t groups = 1;
  bool bias = true;
  Extent dilation = 1;
  DType dtype = float32;
};

/// The layers ConvTranspose1d, ConvTranspose2d and ConvTranspose3d. See the op conv_transpose2d.
///
/// The weight is (in_channels, out_channels / groups, kernel...), the bias (out_channels). Both
/// start uniform in +-1 / sqrt(fan_in), fan_in = out_channels / groups * the kernel's size, as in
/// PyTorch.
template <class Self, int axes>
class ConvTransposeNd : public Layer<Self> {
 public:
  ConvTransposeNd(std::int64_t in_channels, std::int64_t out_channels, const Extent& kernel_size,
                  ConvTransposeOptions options = {},
                  Site site = {__builtin_FILE(), __builtin_LINE()});
  /// @param output_size  sizes of the result, in place of the option output_padding.
  /// @throws ShapeError  for sizes that the strides cannot reach.
  Tensor forward(Operand x, const Extent& output_size = {}) const;
  std::string details() const override;
  std::int64_t multiply_adds(const std::vector<Shape>& inputs,
                             const std::vector<Shape>& outputs) const override;

  Tensor weight;
  Tensor bias;  ///< Undefined without one.

 private:
  ConvTransposeOptions options_;
};
class ConvTranspose1d : public ConvTransposeNd<ConvTranspose1d, 1> {
  using ConvTransposeNd::ConvTransposeNd;
};
class ConvTranspose2d : public ConvTransposeNd<ConvTranspose2d, 2> {
  using ConvTransposeNd::ConvTransposeNd;
};
class ConvTranspose3d : public ConvTransposeNd<ConvTranspose3d, 3> {
  using ConvTransposeNd::ConvTransposeNd;
};

extern template class ConvNd<Conv1d, 1>;
extern template class ConvNd<Conv2d, 2>;
extern template class ConvNd<Conv3d, 3>;
extern template class ConvTransposeNd<ConvTranspose1d, 1>;
extern template class ConvTransposeNd<ConvTranspose2d, 2>;
extern template class ConvTransposeNd<ConvTranspose3d, 3>;

}  // namespace xgrad::nn
