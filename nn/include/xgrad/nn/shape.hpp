// shape.hpp: shapes changed between layers.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/padding.hpp>
#include <xgrad/ops/per_axis.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::nn {

/// Makes the axes from start_dim to end_dim one; by default all but the batch's.
class Flatten : public Layer<Flatten> {
 public:
  explicit Flatten(int start_dim = 1, int end_dim = -1) : start_(start_dim), end_(end_dim) {}
  Tensor forward(Operand x) const { return flatten(x, start_, end_); }
  std::string details() const override;

 private:
  int start_, end_;
};

/// Makes the axis `dim` several, of the given sizes.
class Unflatten : public Layer<Unflatten> {
 public:
  Unflatten(int dim, Shape sizes) : dim_(dim), sizes_(std::move(sizes)) {}
  Tensor forward(Operand x) const { return unflatten(x, dim_, sizes_); }
  std::string details() const override;

 private:
  int dim_;
  Shape sizes_;
};

struct Identity : Layer<Identity> {
  Tensor forward(Operand x) const { return x.materialize(); }
};

/// (..., C r r, H, W) to (..., C, H r, W r): the op pixel_shuffle.
class PixelShuffle : public Layer<PixelShuffle> {
 public:
  explicit PixelShuffle(std::int64_t upscale_factor) : factor_(upscale_factor) {}
  Tensor forward(Operand x) const { return pixel_shuffle(x, factor_); }
  std::string details() const override;

 private:
  std::int64_t factor_;
};
/// (..., C, H r, W r) to (..., C r r, H, W): the op pixel_unshuffle.
class PixelUnshuffle : public Layer<PixelUnshuffle> {
 public:
  explicit PixelUnshuffle(std::int64_t downscale_factor) : factor_(downscale_factor) {}
  Tensor forward(Operand x) const { return pixel_unshuffle(x, factor_); }
  std::string details() const override;

 private:
  std::int64_t factor_;
};
/// Channels rearranged across groups: the op channel_shuffle.
class ChannelShuffle : public Layer<ChannelShuffle> {
 public:
  explicit ChannelShuffle(std::int64_t groups) : groups_(groups) {}
  Tensor forward(Operand x) const { return channel_shuffle(x, groups_); }
  std::string details() const override;

 private:
  std::int64_t groups_;
};

/// Windows as columns: the op unfold.
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
/// Columns added up to images: the op fold.
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
  Extent size = {};                   ///< of the result, or
  PerAxis<double> scale_factor = {};  ///< how much larger it is
  std::string mode = "nearest";       ///< "nearest", "linear", "bilinear", "bicubic" or "trilinear"
  bool align_corners = false;
  bool recompute_scale_factor = false;
};
/// Images at another size: the op interpolate.
class Upsample : public Layer<Upsample> {
 public:
  explicit Upsample(UpsampleOptions options) : options_(std::move(options)) {}
  Tensor forward(Operand x) const;
  std::string details() const override;

 private:
  UpsampleOptions options_;
};

}  // namespace xgrad::nn
