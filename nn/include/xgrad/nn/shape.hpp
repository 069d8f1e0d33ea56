// shape.hpp: layers without parameters that reshape or rearrange their input.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/padding.hpp>
#include <xgrad/ops/per_axis.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::nn {

/// Merges the axes from start_dim to end_dim into one. By default, all axes but the batch's.
class Flatten : public Layer<Flatten> {
 public:
  explicit Flatten(int start_dim = 1, int end_dim = -1) : start_(start_dim), end_(end_dim) {}
  Tensor forward(Operand x) const { return flatten(x, start_, end_); }
  std::string details() const override;

 private:
  int start_, end_;
};

/// Splits the axis `dim` into axes of the given sizes.
class Unflatten : public Layer<Unflatten> {
 public:
  Unflatten(int dim, Shape sizes) : dim_(dim), sizes_(std::move(sizes)) {}
  Tensor forward(Operand x) const { return unflatten(x, dim_, sizes_); }
  std::string details() const override;

 private:
  int dim_;
  Shape sizes_;
};

/// Returns its input.
struct Identity : Layer<Identity> {
  Tensor forward(Operand x) const { return x.materialize(); }
};

/// Rearranges (..., C r r, H, W) to (..., C, H r, W r). See the op `pixel_shuffle`.
class PixelShuffle : public Layer<PixelShuffle> {
 public:
  explicit PixelShuffle(std::int64_t upscale_factor) : factor_(upscale_factor) {}
  Tensor forward(Operand x) const { return pixel_shuffle(x, factor_); }
  std::string details() const override;

 private:
  std::int64_t factor_;
};
/// Rearranges (..., C, H r, W r) to (..., C r r, H, W). See the op `pixel_unshuffle`.
class PixelUnshuffle : public Layer<PixelUnshuffle> {
 public:
  explicit PixelUnshuffle(std::int64_t downscale_factor) : factor_(downscale_factor) {}
  Tensor forward(Operand x) const { return pixel_unshuffle(x, factor_); }
  std::string details() const override;

 private:
  std::int64_t factor_;
};
/// Interleaves the channels of the groups. See the op `channel_shuffle`.
class ChannelShuffle : public Layer<ChannelShuffle> {
 public:
  explicit ChannelShuffle(std::int64_t groups) : groups_(groups) {}
  Tensor forward(Operand x) const { return channel_shuffle(x, groups_); }
  std::string details() const override;

 private:
  std::int64_t groups_;
};

/// Extracts windows as columns. See the op `unfold`.
class Unfold : public Layer<Unfold> {
 public:
  explicit Unfold(Extent kernel_size, WindowOptions options = {})
      : kernel_size_(std::move(kernel_size)), options_(std::move(options)) {}
  Tensor forward(Operand x) const { return unfold(x, kernel_size_, options_); }
  std::string details() const override;

 private:
  Extent kernel_size_;
  WindowOptions options_;
};
/// Adds columns up to images, as the transpose of Unfold. See the op `fold`.
class Fold : public Layer<Fold> {
 public:
  Fold(Extent output_size, Extent kernel_size, WindowOptions options = {})
      : output_size_(std::move(output_size)),
        kernel_size_(std::move(kernel_size)),
        options_(std::move(options)) {}
  Tensor forward(Operand x) const { return fold(x, output_size_, kernel_size_, options_); }
  std::string details() const override;

 private:
  Extent output_size_, kernel_size_;
  WindowOptions options_;
};

struct UpsampleOptions {
  Extent size = {};                   ///< size of the result; pass either this
  PerAxis<double> scale_factor = {};  ///< or the factor by which the sizes grow
  std::string mode = "nearest";       ///< "nearest", "linear", "bilinear", "bicubic" or "trilinear"
  bool align_corners = false;
  bool recompute_scale_factor = false;
};
/// Resizes images. See the op `interpolate`.
class Upsample : public Layer<Upsample> {
 public:
  explicit Upsample(UpsampleOptions options) : options_(std::move(options)) {}
  Tensor forward(Operand x) const;
  std::string details() const override;

 private:
  UpsampleOptions options_;
};

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<Flatten>();
extern template const ModuleType* module_type<Unflatten>();
extern template const ModuleType* module_type<Identity>();
extern template const ModuleType* module_type<PixelShuffle>();
extern template const ModuleType* module_type<PixelUnshuffle>();
extern template const ModuleType* module_type<ChannelShuffle>();
extern template const ModuleType* module_type<Unfold>();
extern template const ModuleType* module_type<Fold>();
extern template const ModuleType* module_type<Upsample>();
}  // namespace detail

}  // namespace xgrad::nn
