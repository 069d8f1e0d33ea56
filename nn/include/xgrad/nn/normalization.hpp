// normalization.hpp: normalization layers. The ops of the same names document the formulas.
#pragma once

#include <optional>

#include <xgrad/nn/layer.hpp>

namespace xgrad::nn {

struct BatchNormOptions {
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;  ///< without one, running statistics are plain averages
  bool affine = true;                    ///< whether there are weight and bias
  bool track_running_stats = true;       ///< if false, evaluation uses batch statistics, too
  DType dtype = get_default_dtype();
};
struct InstanceNormOptions {
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;  ///< without one, running statistics do not change
  bool affine = false;
  bool track_running_stats = false;  ///< if true, evaluation uses the running statistics
  DType dtype = get_default_dtype();
};

/// The base of the batch and instance normalization layers. Weight and running variance are
/// initialized to 1, bias and running mean to 0. Each has shape (num_features).
template <class Self, class Options>
class RunningNorm : public Layer<Self> {
 public:
  std::string details() const override;
  const Options& options() const noexcept { return options_; }

  Tensor weight, bias;                                    ///< Undefined if affine is false.
  Tensor running_mean, running_var, num_batches_tracked;  ///< Undefined if not tracked.

 protected:
  RunningNorm(const char* layer, std::int64_t num_features, Options options, Site site);

  std::int64_t num_features_;
  Options options_;
};

/// The layers BatchNorm1d, BatchNorm2d and BatchNorm3d. They normalize by the statistics of the
/// batch in training, and by the running statistics in evaluation. See the op `batch_norm`.
///
/// BatchNorm1d takes an input (N, C) or (N, C, L), BatchNorm2d (N, C, H, W), and BatchNorm3d (N, C,
/// D, H, W).
/// @throws ShapeError if the input has another number of axes or channels.
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

/// The layers InstanceNorm1d, InstanceNorm2d and InstanceNorm3d. They normalize each channel of
/// each sample of an input (N, C, sizes...) or (C, sizes...). See the op `instance_norm`.
/// @throws ShapeError if the input has another number of axes or channels.
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
  bool affine = true;  ///< whether there are weight and bias
  DType dtype = get_default_dtype();
};
/// Normalizes groups of channels. See the op `group_norm`. The weight (num_channels) is initialized
/// to 1, the bias (num_channels) to 0. @throws ValueError unless num_groups divides num_channels.
class GroupNorm : public Layer<GroupNorm> {
 public:
  GroupNorm(std::int64_t num_groups, std::int64_t num_channels, GroupNormOptions options = {},
            Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x) const;
  std::string details() const override;

  Tensor weight, bias;  ///< Undefined if affine is false.

 private:
  std::int64_t num_groups_, num_channels_;
  GroupNormOptions options_;
};

struct LayerNormOptions {
  double eps = 1e-5;
  bool elementwise_affine = true;  ///< whether there are weight and bias
  bool bias = true;                ///< whether there is a bias, if elementwise_affine
  DType dtype = get_default_dtype();
};
/// Normalizes the last axes, which must have the sizes normalized_shape. See the op `layer_norm`.
/// The weight is initialized to 1, the bias to 0.
class LayerNorm : public Layer<LayerNorm> {
 public:
  explicit LayerNorm(const Shape& normalized_shape, LayerNormOptions options = {},
                     Site site = {__builtin_FILE(), __builtin_LINE()});
  explicit LayerNorm(std::int64_t features, LayerNormOptions options = {},
                     Site site = {__builtin_FILE(), __builtin_LINE()})
      : LayerNorm(Shape{features}, options, site) {}
  Tensor forward(Operand x) const;
  std::string details() const override;

  Tensor weight, bias;  ///< Undefined if elementwise_affine is false.

 private:
  Shape shape_;
  LayerNormOptions options_;
};

struct RMSNormOptions {
  std::optional<double> eps = {};  ///< default: the machine epsilon of the input's dtype
  bool elementwise_affine = true;  ///< whether there is a weight
  DType dtype = get_default_dtype();
};
/// Divides the last axes by their root mean square. See the op `rms_norm`. The weight is
/// initialized to 1.
class RMSNorm : public Layer<RMSNorm> {
 public:
  explicit RMSNorm(const Shape& normalized_shape, RMSNormOptions options = {},
                   Site site = {__builtin_FILE(), __builtin_LINE()});
  explicit RMSNorm(std::int64_t features, RMSNormOptions options = {},
                   Site site = {__builtin_FILE(), __builtin_LINE()})
      : RMSNorm(Shape{features}, options, site) {}
  Tensor forward(Operand x) const;
  std::string details() const override;

  Tensor weight;  ///< Undefined if elementwise_affine is false.

 private:
  Shape shape_;
  RMSNormOptions options_;
};

/// Normalizes each element by the squares of neighboring channels. See the op
/// `local_response_norm`.
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

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<BatchNorm1d>();
extern template const ModuleType* module_type<BatchNorm2d>();
extern template const ModuleType* module_type<BatchNorm3d>();
extern template const ModuleType* module_type<InstanceNorm1d>();
extern template const ModuleType* module_type<InstanceNorm2d>();
extern template const ModuleType* module_type<InstanceNorm3d>();
extern template const ModuleType* module_type<GroupNorm>();
extern template const ModuleType* module_type<LayerNorm>();
extern template const ModuleType* module_type<RMSNorm>();
extern template const ModuleType* module_type<LocalResponseNorm>();
}  // namespace detail

}  // namespace xgrad::nn
