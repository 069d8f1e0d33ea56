// normalization.hpp: batch, layer, group, instance, RMS and local response normalization.
#pragma once

#include <optional>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

struct BatchNormOptions {
  Tensor weight = {};     ///< (C): scale; undefined for none
  Tensor bias = {};       ///< (C): shift; undefined for none
  bool training = false;  ///< uses the statistics of the batch instead of the running ones
  double momentum = 0.1;  ///< weight of the batch in the update of the running statistics
  double eps = 1e-5;      ///< added to the variance
};

/// y = (x - mean) / sqrt(var + eps) weight + bias for each channel of x, (N, C) or (N, C, ...)
/// (Ioffe and Szegedy, ICML 2015).
///
/// In training, mean and var are computed from the batch, over all dims but that of the channels.
/// The running statistics, leaves of shape (C), are updated in place: running = (1 - momentum)
/// running + momentum batch, with the unbiased variance. In evaluation, mean and var are the
/// running statistics, or those of the batch if the running ones are undefined.
/// @throws ShapeError  unless statistics, weight and bias are (C); ValueError in training, for a
///                     batch with only one value per channel.
/// @grad   flows through the statistics of the batch. Computed by a kernel for planes of 16 elements
///         or more, else made of ops.
/// @check batch_norm(x, {}, {}, {.weight = w, .bias = b, .training = true}); x [4, 3], w [3], b [3]
Tensor batch_norm(Operand x, const Tensor& running_mean, const Tensor& running_var,
                  const BatchNormOptions& options = {});

/// y = (x - mean) / sqrt(var + eps) weight + bias, with mean and var over the last dims (Ba et al.,
/// 2016).
///
/// @param normalized_shape  the sizes of these dims, and the shape of weight and bias, if defined.
/// @throws ShapeError  if the last sizes of x are not normalized_shape.
/// @grad   computed by a kernel; saves x, weight and bias. Made of ops if dtypes differ.
/// @check layer_norm(x, {3}, w, b); x [2, 3], w [3], b [3]
Tensor layer_norm(Operand x, const Shape& normalized_shape, const Tensor& weight = {},
                  const Tensor& bias = {}, double eps = 1e-5);

/// Computes y = x / sqrt(mean(x^2) + eps) weight, with the mean over the last dims (Zhang and
/// Sennrich, 2019).
///
/// @param normalized_shape  the sizes of these dims, and the shape of weight, if defined.
/// @param eps  added to the mean square; by default the machine epsilon of the dtype.
/// @throws ShapeError  if the last sizes of x are not normalized_shape; DTypeError if the dtypes of
///                     x and weight differ.
/// @grad   computed by a kernel; saves x and weight.
/// @check rms_norm(x, {3}, w); x [2, 3], w [3]
/// @check rms_norm(x, {2, 3}); x [2, 3]
Tensor rms_norm(Operand x, const Shape& normalized_shape, const Tensor& weight = {},
                std::optional<double> eps = {});

/// y = (x - mean) / sqrt(var + eps) weight + bias for x (N, C, ...), with mean and var over groups
/// of channels in each sample; weight and bias are (C) (Wu and He, ECCV 2018).
/// @throws ShapeError if num_groups does not divide C, or weight or bias is not (C).
/// @check group_norm(x, 2, w, b); x [2, 4, 3], w [4], b [4]
Tensor group_norm(Operand x, std::int64_t num_groups, const Tensor& weight = {},
                  const Tensor& bias = {}, double eps = 1e-5);

struct InstanceNormOptions {
  Tensor running_mean = {};     ///< (C): updated as by batch_norm, from the mean over the samples
  Tensor running_var = {};      ///< (C)
  Tensor weight = {};           ///< (C)
  Tensor bias = {};             ///< (C)
  bool use_input_stats = true;  ///< uses the statistics of each sample, not the running ones
  double momentum = 0.1;
  double eps = 1e-5;
};
/// y = (x - mean) / sqrt(var + eps) weight + bias for x (N, C, sizes...) or (C, size), with mean
/// and var over each channel of each sample (Ulyanov et al., 2016).
/// @throws ShapeError, ValueError as batch_norm.
/// @check instance_norm(x, {.weight = w, .bias = b}); x [2, 3, 4], w [3], b [3]
Tensor instance_norm(Operand x, const InstanceNormOptions& options = {});

struct LocalResponseNormOptions {
  double alpha = 1e-4;
  double beta = 0.75;
  double k = 1;
};
/// x / (k + alpha m)^beta, where m is the mean square of `size` neighbouring channels (Krizhevsky
/// et al., NIPS 2012). x is (N, C, ...), with at least 3 dims. @grad made of ops.
/// @check local_response_norm(x, 3); x [1, 5, 3]
Tensor local_response_norm(Operand x, std::int64_t size,
                           const LocalResponseNormOptions& options = {});

}  // namespace xgrad
