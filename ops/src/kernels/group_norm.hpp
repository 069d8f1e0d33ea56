// group_norm.hpp: groups of channels with their mean subtracted, divided by their standard
// deviation.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

#include "kernels/norm_arrays.hpp"

namespace xgrad::detail {

/// (samples, groups, channels, plane): `channels` of each group, `plane` elements of each. Floating
/// dtypes.
struct GroupNorm {
  std::int64_t samples, groups, channels, plane;
  double eps;

  std::int64_t row() const { return channels * plane; }
};

/// y = xhat weight + bias, which have groups * channels elements, with xhat = (x - mean) r and r =
/// 1 / sqrt(var + eps) of each group in each sample.
void group_norm(DType dtype, const GroupNorm& size, const void* x, const NormAffine& affine,
                void* y);
/// dx = r (g - mean(g) - xhat mean(g xhat)) with g = dy weight; dweight = the sum of dy xhat over
/// samples and planes and dbias that of dy, the same bits for any number of threads.
void group_norm_gradient(DType dtype, const GroupNorm& size, const void* x, const void* weight,
                         const void* dy, const NormGradients& gradients);

}  // namespace xgrad::detail
