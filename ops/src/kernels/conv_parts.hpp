// conv_parts.hpp: convolutions cut into parts for threads.
#pragma once

#include "kernels/conv.hpp"

namespace xgrad::detail {

/// What the other backends compute in one thread: the map of some of the images, or some of the
/// channels of the results, which are then the first of `channels` of a tensor. False if it cannot;
/// y may hold anything then.
using ConvPart = bool (*)(const ConvSize& size, ConvMap map, std::int64_t channels, const float* a,
                          const float* b, const float* bias, float* y);
/// A map in parts, cut by size alone, on all threads; whether all parts could be computed. Parts of
/// a batch have `least_images`, if the batch has.
bool convolve_in_parts(ConvPart part, std::int64_t least_images, const ConvSize& size, ConvMap map,
                       const float* a, const float* b, const float* bias, float* y);

}  // namespace xgrad::detail
