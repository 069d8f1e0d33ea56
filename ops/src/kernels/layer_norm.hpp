// layer_norm.hpp: rows with their mean subtracted, divided by their standard deviation.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// `rows` rows of n elements, one after the other. Floating dtypes.
struct LayerNorm {
  std::int64_t rows, n;
  double eps;
};
/// Scales and shifts of the n places in a row; null for 1 and 0.
struct RowAffine {
  const void* weight = nullptr;
  const void* bias = nullptr;
};
/// Where gradients go; null for those that nobody wants.
struct LayerNormGradients {
  void* x = nullptr;
  void* weight = nullptr;
  void* bias = nullptr;
};

/// y = xhat weight + bias with xhat = (x - mean) r and r = 1 / sqrt(var + eps) of each row. y may
/// be x.
void layer_norm(DType dtype, const LayerNorm& size, const void* x, const RowAffine& affine,
                void* y);
/// dx = r (g - mean(g) - xhat mean(g xhat)) with g = dy weight; dweight = the sum of dy xhat over
/// the rows and dbias that of dy, the same bits for any number of threads.
void layer_norm_gradient(DType dtype, const LayerNorm& size, const void* x, const void* weight,
                         const void* dy, const LayerNormGradients& gradients);

}  // namespace xgrad::detail
