// normalization.hpp: normalization as modules.
#pragma once

#include <optional>

#include <xgrad/nn/layer.hpp>

namespace xgrad::nn {

struct BatchNormOptions {
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;  ///< none: the running statistics are plain averages
  bool affine = true;                    ///< with weight and bias
  bool track_running_stats = true;       ///< without, evaluation is by the batch as well
  DType dtype = float32;
};
struct InstanceNormOptions {
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;  ///< none: the running statistics stay as they are
  bool affine = false;
  bool track_running_stats = false;  ///< with, evaluation is by the running statistics
  DType dtype = float32;
};

/// What batch and instance norm have in common: a weight that starts as ones and a bias as zeros,
/// the running mean that starts as zeros and the running variance as ones, each (num_features).
template <class Self, class Options>
class RunningNorm : public Layer<Self> {
 public:
  std::string details() const override;

  Tensor weight, bias;                                    ///< Undefined unless affine.
  Tensor running_mean, running_var, num_batches_tracked;  ///< Undefined unless tracked.

 protected:
  RunningNorm(const char* layer, std::int64_t num_features, Options options, Site site);

  std::int64_t num_features_;
  Options options_;
};

/// The layers BatchNorm1d, BatchNorm2d and BatchNorm3d: the op batch_norm, by the batch in
/// training, by the running statistics in evaluation. x is (N, C) or (N, C, L) in one axis, (N, C,
/// H, W) in two, (N, C, D, H, W) in three.
/// @throws ShapeError for another number of axes or of channels.
template <class Self, int axes>
class BatchNormNd : public RunningNorm<Self, BatchNormOptions> {
 public:
  explicit BatchNormNd(std::int64_t num_features, BatchNormOptions options = {},
                       Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x) const;

 private:
  double momentum_now() const;
};
class BatchNorm1d : public BatchNormNd<BatchNorm1d, 1> {
  using BatchNormNd::BatchNormNd;
};
class BatchNorm2d : public BatchNormNd<BatchNorm2d, 2> {
  using BatchNormNd::BatchNormNd;
};
class BatchNorm3d : public BatchNormNd<BatchNorm3d, 3> {
  using BatchNormNd::BatchNormNd;
};

/// The layers InstanceNorm1d, InstanceNorm2d and InstanceNorm3d: the op instance_norm, each channel
/// of each sample by itself. x is (N, C, sizes...) or (C, sizes...).
/// @throws ShapeError for another number of axes or of channels.
template <class Self, int axes>
class InstanceNormNd : public RunningNorm<Self, InstanceNormOptions> {
 public:
  explicit InstanceNormNd(std::int64_t num_features, InstanceNormOptions options = {},
                          Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x) const;
};
class InstanceNorm1d : public InstanceNormNd<InstanceNorm1d, 1> {
  using InstanceNormNd::InstanceNormNd;
};
class InstanceNorm2d : public InstanceNormNd<InstanceNorm2d, 2> {
  using InstanceNormNd::InstanceNormNd;
};
class InstanceNorm3d : public InstanceNormNd<InstanceNorm3d, 3> {
  using InstanceNormNd::InstanceNormNd;
};

struct GroupNormOptions {
  double eps = 1e-5;
  bool affine = true;  ///< with weight and bias
  DType dtype = float32;
};
/// Groups of channels normalized together: the op group_norm. Weight starts as ones, bias as zeros,
/// both (num_channels). @throws ValueError unless num_groups divides num_channels.
class GroupNorm : public Layer<GroupNorm> {
 public:
  GroupNorm(std::int64_t num_groups, std::int64_t num_channels, GroupNormOptions options = {},
            Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x) const;
  std::string details() const override;

  Tensor weight, bias;  ///< Undefined unless affine.

 private:
  std::int64_t num_groups_, num_channels_;
  GroupNormOptions options_;
};

struct LayerNormOptions {
  double eps = 1e-5;
  bool elementwise_affine = true;  ///< with weight and bias
  bool bias = true;                ///< with a bias, if elementwise_affine
  DType dtype = float32;
};
/// Layer norm over the last axes, which have the sizes normalized_shape: the op layer_norm. Weight
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

struct RMSNormOptions {
  std::optional<double> eps = {};  ///< none: the distance from 1 to the dtype's next number
  bool elementwise_affine = true;  ///< with a weight
  DType dtype = float32;
};
/// The last axes over their root mean square: the op rms_norm. The weight starts as ones.
class RMSNorm : public Layer<RMSNorm> {
 public:
  explicit RMSNorm(const Shape& normalized_shape, RMSNormOptions options = {},
                   Site site = {__builtin_FILE(), __builtin_LINE()});
  explicit RMSNorm(std::int64_t features, RMSNormOptions options = {},
                   Site site = {__builtin_FILE(), __builtin_LINE()})
      : RMSNorm(Shape{features}, options, site) {}
  Tensor forward(Operand x) const;
  std::string details() const override;

  Tensor weight;  ///< Undefined unless elementwise_affine.

 private:
  Shape shape_;
  RMSNormOptions options_;
};

/// Each channel over those around it: the op local_response_norm.
class LocalResponseNorm : public Layer<LocalResponseNorm> {
 public:
  explicit LocalResponseNorm(std::int64_t size, double alpha = 1e-4, double beta = 0.75,
                             double k = 1)
      : size_(size), alpha_(alpha), beta_(beta), k_(k) {}
  Tensor forward(Operand x) const;
  std::string details() const override;

 private:
  std::int64_t size_;
  double alpha_, beta_, k_;
};

extern template class BatchNormNd<BatchNorm1d, 1>;
extern template class BatchNormNd<BatchNorm2d, 2>;
extern template class BatchNormNd<BatchNorm3d, 3>;
extern template class InstanceNormNd<InstanceNorm1d, 1>;
extern template class InstanceNormNd<InstanceNorm2d, 2>;
extern template class InstanceNormNd<InstanceNorm3d, 3>;

}  // namespace xgrad::nn
