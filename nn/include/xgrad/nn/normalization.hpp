// normalization.hpp: batch and layer norm as modules.
#pragma once

#include <optional>

#include <xgrad/nn/module.hpp>

namespace xgrad::nn {

struct BatchNormOptions {
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;  ///< none: the running statistics are plain averages
  bool affine = true;                    ///< with weight and bias
  bool track_running_stats = true;       ///< without, evaluation is by the batch as well
  DType dtype = float32;
};

/// Batch norm over (N, C) or (N, C, L): op batch_norm, by the batch in training, by the running
/// statistics in evaluation.
///
/// Weight starts as ones, bias and running mean as zeros, running variance as ones.
/// @throws ShapeError for another number of axes or of channels.
class BatchNorm1d : public Layer<BatchNorm1d> {
 public:
  explicit BatchNorm1d(std::int64_t num_features, BatchNormOptions options = {},
                       Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x) const;
  std::string details() const override;

  Tensor weight, bias;                                    ///< Undefined unless affine.
  Tensor running_mean, running_var, num_batches_tracked;  ///< Undefined unless tracked.

 private:
  double momentum_now() const;
  std::int64_t num_features_;
  BatchNormOptions options_;
};

struct LayerNormOptions {
  double eps = 1e-5;
  bool elementwise_affine = true;  ///< with weight and bias
  DType dtype = float32;
};

/// Layer norm over the last axes, which have the sizes normalized_shape: op layer_norm. Weight
/// starts as ones, bias as zeros.
class LayerNorm : public Layer<LayerNorm> {
 public:
  explicit LayerNorm(const Shape& normalized_shape, LayerNormOptions options = {},
                     Site site = {__builtin_FILE(), __builtin_LINE()});
  explicit LayerNorm(std::int64_t features, LayerNormOptions options = {},
                     Site site = {__builtin_FILE(), __builtin_LINE()})
      : LayerNorm(Shape{features}, options, site) {}
  Tensor forward(Operand x) const;
  std::string details() const override;

  Tensor weight, bias;  ///< Undefined unless elementwise_affine.

 private:
  Shape shape_;
  LayerNormOptions options_;
};

}  // namespace xgrad::nn
