// conv_direct.hpp: convolutions on images as they lie, which need no other layouts (Georganas et
// al., "Anatomy of High-Performance Deep Learning Convolutions on SIMD Architectures", SC 2018).
#pragma once

#include "kernels/conv.hpp"

namespace xgrad::detail {

/// Whether convolve_direct can compute the map: not the way back to images with strides, with
/// paddings wider than the windows, or with positions that no window reaches; nor where an image
/// would take much memory.
bool can_be_direct(const ConvSize& size, ConvMap map);
/// Whether it can, and is the fastest: with several channels to give, and on the way back to images
/// if it computes little that the map does not need.
bool is_direct(const ConvSize& size, ConvMap map);
/// How many images a part should have; 1 if it does not matter.
std::int64_t direct_images(const ConvSize& size, ConvMap map);
/// A ConvPart (conv_parts.hpp). The zeros around images are multiplied as well: a weight that is
/// not finite makes the results NaN where it meets them.
bool convolve_direct(const ConvSize& size, ConvMap map, std::int64_t channels, const float* a,
                     const float* b, const float* bias, float* y);

}  // namespace xgrad::detail
