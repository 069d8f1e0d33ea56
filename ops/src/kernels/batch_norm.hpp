// batch_norm.hpp: channels with the mean of the batch subtracted, divided by its standard
// deviation.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

#include "kernels/axis_split.hpp"

namespace xgrad::detail {

// Elements are (samples, channels, inner), as AxisSplit has them. Floating dtypes. The same bits
// for any number of threads.

/// mean and var (channels): the mean of a channel, and the mean of the squared distances from it.
/// var is not finite, or below 1e-28, where squares overflow or lose digits.
void channel_moments(DType dtype, const AxisSplit& channels, const void* x, void* mean, void* var);

/// All (channels). xhat = (x - mean) / sqrt(var + eps); weight and bias may be null for 1 and 0.
struct ChannelNorm {
  const void *mean, *var, *weight, *bias;
  double eps;
};
/// y = xhat weight + bias. y may be x.
void batch_norm(DType dtype, const AxisSplit& channels, const ChannelNorm& norm, const void* x,
                void* y);
/// dweight = sum(dy xhat) and dbias = sum(dy) of each channel, and
/// dx = weight / sqrt(var + eps) (dy - mean(dy) - xhat mean(dy xhat)), which may be null.
void batch_norm_gradient(DType dtype, const AxisSplit& channels, const ChannelNorm& norm,
                         const void* x, const void* dy, void* dx, void* dweight, void* dbias);

}  // namespace xgrad::detail
