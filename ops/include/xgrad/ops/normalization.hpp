// normalization.hpp: activations brought to mean 0 and variance 1, then scaled and shifted.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

struct BatchNormOptions {
  Tensor weight = {};     ///< (C): factors; none if undefined
  Tensor bias = {};       ///< (C): shifts; none if undefined
  bool training = false;  ///< by the batch's own statistics, not the running ones
  double momentum = 0.1;  ///< the batch's share in the running statistics
  double eps = 1e-5;      ///< added to the variance
};

/// y = (x - mean) / sqrt(var + eps) weight + bias for each channel of x, (N, C) or (N, C, ...)
/// (Ioffe and Szegedy, ICML 2015).
///
/// In training mean and variance are those of the batch, over all axes but the channels', and the
/// running ones, leaves of shape (C), move towards them in place: by momentum, with the variance
/// over n - 1. Undefined running statistics: those of the batch in evaluation too.
/// @throws ShapeError  unless statistics, weight and bias are (C); ValueError for a batch of one
///                     value per channel in training.
/// @grad   made of ops; flows through the batch's statistics.
Tensor batch_norm(Operand x, const Tensor& running_mean, const Tensor& running_var,
                  const BatchNormOptions& options = {});

/// y = (x - mean) / sqrt(var + eps) weight + bias over the last axes (Ba et al., 2016).
///
/// @param normalized_shape  the sizes of those axes; weight and bias have it too, or are undefined.
/// @throws ShapeError  if x does not end in normalized_shape.
/// @grad   made of ops.
Tensor layer_norm(Operand x, const Shape& normalized_shape, const Tensor& weight = {},
                  const Tensor& bias = {}, double eps = 1e-5);

}  // namespace xgrad
