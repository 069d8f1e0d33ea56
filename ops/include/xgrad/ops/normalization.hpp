// normalization.hpp: activations brought to mean 0 and variance 1, then scaled and shifted.
#pragma once

#include <optional>

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
/// @check batch_norm(x, {}, {}, {.weight = w, .bias = b, .training = true}); x [4, 3], w [3], b [3]
Tensor batch_norm(Operand x, const Tensor& running_mean, const Tensor& running_var,
                  const BatchNormOptions& options = {});

/// y = (x - mean) / sqrt(var + eps) weight + bias over the last axes (Ba et al., 2016).
///
/// @param normalized_shape  the sizes of those axes; weight and bias have it too, or are undefined.
/// @throws ShapeError  if x does not end in normalized_shape.
/// @grad   made of ops.
/// @check layer_norm(x, {3}, w, b); x [2, 3], w [3], b [3]
Tensor layer_norm(Operand x, const Shape& normalized_shape, const Tensor& weight = {},
                  const Tensor& bias = {}, double eps = 1e-5);

/// y = x / sqrt(mean(x^2) + eps) weight over the last axes (Zhang and Sennrich, 2019).
///
/// @param normalized_shape  the sizes of those axes; weight has it too, or is undefined.
/// @param eps  added to the mean square; by default the distance from 1 to the next number.
/// @throws ShapeError  if x does not end in normalized_shape; DTypeError for two dtypes.
/// @grad   by a kernel; reads x and weight.
/// @check rms_norm(x, {3}, w); x [2, 3], w [3]
/// @check rms_norm(x, {2, 3}); x [2, 3]
Tensor rms_norm(Operand x, const Shape& normalized_shape, const Tensor& weight = {},
                std::optional<double> eps = {});

/// The same over groups of channels of x, (N, C, ...), C being a multiple of their number; weight
/// and bias are (C) (Wu and He, ECCV 2018). @throws ShapeError for what does not fit.
/// @check group_norm(x, 2, w, b); x [2, 4, 3], w [4], b [4]
Tensor group_norm(Operand x, std::int64_t num_groups, const Tensor& weight = {},
                  const Tensor& bias = {}, double eps = 1e-5);

struct InstanceNormOptions {
  Tensor running_mean = {};     ///< (C): moved as batch_norm's, by the mean over the batch
  Tensor running_var = {};      ///< (C)
  Tensor weight = {};           ///< (C)
  Tensor bias = {};             ///< (C)
  bool use_input_stats = true;  ///< each sample's own statistics, not the running ones
  double momentum = 0.1;
  double eps = 1e-5;
};
/// The same over each channel of each sample of x, (N, C, sizes...) or (C, size) (Ulyanov et al.,
/// 2016). @throws ShapeError, ValueError as batch_norm.
/// @check instance_norm(x, {.weight = w, .bias = b}); x [2, 3, 4], w [3], b [3]
Tensor instance_norm(Operand x, const InstanceNormOptions& options = {});

struct LocalResponseNormOptions {
  double alpha = 1e-4;
  double beta = 0.75;
  double k = 1;
};
/// x / (k + alpha times the mean square of `size` neighbouring channels)^beta (Krizhevsky et al.,
/// NIPS 2012). x is (N, C, ...), at least three axes. @grad made of ops.
/// @check local_response_norm(x, 3); x [1, 5, 3]
Tensor local_response_norm(Operand x, std::int64_t size,
                           const LocalResponseNormOptions& options = {});

}  // namespace xgrad
