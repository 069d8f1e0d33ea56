#include <xgrad/nn/shape.hpp>

#include <fmt/format.h>

#include <xgrad/ops/interpolation.hpp>

#include "python_text.hpp"

namespace xgrad::nn {

using detail::python_text;

std::string Flatten::details() const {
  return fmt::format("start_dim={}, end_dim={}", start_, end_);
}
std::string Unflatten::details() const {
  return fmt::format("dim={}, unflattened_size={}", dim_,
                     detail::python_tuple(std::vector<std::int64_t>(sizes_.begin(), sizes_.end())));
}
std::string PixelShuffle::details() const { return fmt::format("upscale_factor={}", factor_); }
std::string PixelUnshuffle::details() const { return fmt::format("downscale_factor={}", factor_); }
std::string ChannelShuffle::details() const { return fmt::format("groups={}", groups_); }

namespace {
std::string details_of(const Extent& kernel_size, const WindowOptions& o) {
  return fmt::format("kernel_size={}, dilation={}, padding={}, stride={}", python_text(kernel_size),
                     python_text(o.dilation), python_text(o.padding), python_text(o.stride));
}
}  // namespace
std::string Unfold::details() const { return details_of(kernel_size_, options_); }
std::string Fold::details() const {
  return fmt::format("output_size={}, {}", python_text(output_size_),
                     details_of(kernel_size_, options_));
}

Tensor Upsample::forward(Operand x) const {
  return interpolate(x, {.size = options_.size,
                         .scale_factor = options_.scale_factor,
                         .mode = options_.mode,
                         .align_corners = options_.align_corners,
                         .recompute_scale_factor = options_.recompute_scale_factor});
}
std::string Upsample::details() const {
  const std::string size = options_.scale_factor.given()
                               ? "scale_factor=" + python_text(options_.scale_factor)
                               : "size=" + python_text(options_.size);
  return fmt::format("{}, mode='{}'", size, options_.mode);
}

namespace detail {
template const ModuleType* module_type<Flatten>();
template const ModuleType* module_type<Unflatten>();
template const ModuleType* module_type<Identity>();
template const ModuleType* module_type<PixelShuffle>();
template const ModuleType* module_type<PixelUnshuffle>();
template const ModuleType* module_type<ChannelShuffle>();
template const ModuleType* module_type<Unfold>();
template const ModuleType* module_type<Fold>();
template const ModuleType* module_type<Upsample>();
}  // namespace detail

}  // namespace xgrad::nn
