// layer_norm.hpp: rows with their mean subtracted, divided by their standard deviation.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

#include "kernels/norm_arrays.hpp"

namespace xgrad::detail {

/// `rows` rows of n elements, one after the other. Floating dtypes.
struct LayerNorm {
  std::int64_t rows, n;
  double eps;
};

/// y = xhat weight + bias, which have n elements, with xhat = (x - mean) r and r = 1 / sqrt(var +
/// eps) of each row. y may be x. `centers` (rows, 2) gets the mean and r of each row.
void layer_norm(DType dtype, const LayerNorm& size, const void* x, const NormAffine& affine,
                void* y, void* centers);
/// dx = r (g - mean(g) - xhat mean(g xhat)) with g = dy weight; dweight = the sum of dy xhat over
/// the rows and dbias that of dy, the same bits for any number of threads.
void layer_norm_gradient(DType dtype, const LayerNorm& size, const void* x, const void* weight,
                         const void* centers, const void* dy, const NormGradients& gradients);

}  // namespace xgrad::detail
