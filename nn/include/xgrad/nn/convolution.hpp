// convolution.hpp: convolutions and transposed convolutions over one to three axes as modules.
#pragma once

#include <string>
#include <vector>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/per_axis.hpp>

namespace xgrad::nn {

struct ConvOptions {
  Extent stride = 1;
  Padding padding = 0;  ///< numbers, "valid", or "same" (only for stride 1)
  Extent dilation = 1;
  std::int64_t groups = 1;
  bool bias = true;
  std::string padding_mode = "zeros";  ///< "zeros", "reflect", "replicate" or "circular"
  DType dtype = get_default_dtype();
};

/// The layers Conv1d, Conv2d and Conv3d. They map an input (N, in_channels, sizes...) to (N,
/// out_channels, sizes...). The axis N may be missing. See the op `conv2d`.
///
/// The weight has shape (out_channels, in_channels / groups, kernel...), the bias (out_channels).
/// Both are initialized from the uniform distribution on [-b, b], b = 1 / sqrt(fan_in), where
/// fan_in is in_channels / groups times the size of the kernel, using the thread's default
/// generator.
/// @throws ValueError  if groups does not divide the channels, an option is out of range, or the
///                     padding mode is unknown.
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
  Extent padding = 0;         ///< positions removed on both sides of the result
  Extent output_padding = 0;  ///< positions added at the end of the result
  std::int64_t groups = 1;
  bool bias = true;
  Extent dilation = 1;
  DType dtype = get_default_dtype();
};

/// The layers ConvTranspose1d, ConvTranspose2d and ConvTranspose3d. See the op `conv_transpose2d`.
///
/// The weight has shape (in_channels, out_channels / groups, kernel...), the bias (out_channels).
/// Both are initialized from the uniform distribution on [-b, b], b = 1 / sqrt(fan_in), where
/// fan_in is out_channels / groups times the size of the kernel, as in PyTorch.
template <class Self, int axes>
class ConvTransposeNd : public Layer<Self> {
 public:
  ConvTransposeNd(std::int64_t in_channels, std::int64_t out_channels, const Extent& kernel_size,
                  ConvTransposeOptions options = {},
                  Site site = {__builtin_FILE(), __builtin_LINE()});
  /// @param output_size  the sizes of the result. If given, output_padding is ignored.
  /// @throws ShapeError  if the strides cannot give these sizes.
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

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<Conv1d>();
extern template const ModuleType* module_type<Conv2d>();
extern template const ModuleType* module_type<Conv3d>();
extern template const ModuleType* module_type<ConvTranspose1d>();
extern template const ModuleType* module_type<ConvTranspose2d>();
extern template const ModuleType* module_type<ConvTranspose3d>();
}  // namespace detail

}  // namespace xgrad::nn
