#include <xgrad/nn/normalization.hpp>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/normalization.hpp>

#include "python_text.hpp"

namespace xgrad::nn {

namespace {

using detail::python_text;
using detail::python_tuple;

constexpr const char* batch_names[] = {"BatchNorm1d", "BatchNorm2d", "BatchNorm3d"};
constexpr const char* instance_names[] = {"InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"};
constexpr const char* sizes[] = {"L", "H, W", "D, H, W"};

void check_features(const char* layer, std::int64_t n) {
  if (n < 0)
    throw ValueError(fmt::format("{}: num_features is {}; it must be at least 0", layer, n));
}

[[noreturn]] void refuse(const char* layer, const Operand& x, const std::string& wanted) {
  throw ShapeError(
      fmt::format("{}: the input is {}; its shape must be {}", layer, describe(x), wanted),
      x.site());
}

}  // namespace

template <class Self, class Options>
RunningNorm<Self, Options>::RunningNorm(const char* layer, std::int64_t num_features,
                                        Options options, Site site)
    : num_features_(num_features), options_(options) {
  const OpScope scope(layer, site);
  check_features(layer, num_features);
  const TensorOptions o{.dtype = options.dtype};
  if (options.affine) {
    weight = this->parameter("weight", ones({num_features}, o), site);
    bias = this->parameter("bias", zeros({num_features}, o), site);
  }
  if (!options.track_running_stats) return;
  running_mean = this->buffer("running_mean", zeros({num_features}, o));
  running_var = this->buffer("running_var", ones({num_features}, o));
  num_batches_tracked = this->buffer("num_batches_tracked", zeros({}, {.dtype = int64}));
}

template <class Self, class Options>
std::string RunningNorm<Self, Options>::details() const {
  return fmt::format("{}, eps={}, momentum={}, affine={}, track_running_stats={}", num_features_,
                     options_.eps, options_.momentum ? fmt::to_string(*options_.momentum) : "None",
                     python_text(options_.affine), python_text(options_.track_running_stats));
}

template <class Self, int axes>
BatchNormNd<Self, axes>::BatchNormNd(std::int64_t num_features, BatchNormOptions options, Site site)
    : RunningNorm<Self, BatchNormOptions>(batch_names[axes - 1], num_features, options, site) {}

// A plain average of all batches so far gives the new one the share 1 / n.
template <class Self, int axes>
double BatchNormNd<Self, axes>::momentum_now() const {
  const auto& momentum = this->options_.momentum;
  if (momentum || !this->num_batches_tracked.defined()) return momentum.value_or(0);
  return 1 / static_cast<double>(this->num_batches_tracked.template item<std::int64_t>());
}

template <class Self, int axes>
Tensor BatchNormNd<Self, axes>::forward(Operand x) const {
  const char* const name = batch_names[axes - 1];
  const OpScope scope(name, x);
  const std::int64_t c = this->num_features_;
  const int dims = x.shape().dim();
  if ((dims != axes + 2 && !(axes == 1 && dims == 2)) || x.shape()[1] != c)
    refuse(name, x,
           fmt::format("{}(N, {}, {})", axes == 1 ? fmt::format("(N, {}) or ", c) : "", c,
                       sizes[axes - 1]));
  const bool training = this->is_training();
  if (training && this->num_batches_tracked.defined()) {
    const NoGrad guard;
    Tensor(this->num_batches_tracked).assign(this->num_batches_tracked + 1, x.site());
  }
  return batch_norm(x, this->running_mean, this->running_var,
                    {.weight = this->weight,
                     .bias = this->bias,
                     .training = training,
                     .momentum = momentum_now(),
                     .eps = this->options_.eps});
}

template <class Self, int axes>
InstanceNormNd<Self, axes>::InstanceNormNd(std::int64_t num_features, InstanceNormOptions options,
                                           Site site)
    : RunningNorm<Self, InstanceNormOptions>(instance_names[axes - 1], num_features, options,
                                             site) {}

template <class Self, int axes>
Tensor InstanceNormNd<Self, axes>::forward(Operand x) const {
  const char* const name = instance_names[axes - 1];
  const OpScope scope(name, x);
  const std::int64_t c = this->num_features_;
  const int dims = x.shape().dim();
  const bool batched = dims == axes + 2;
  if ((!batched && dims != axes + 1) || x.shape()[batched ? 1 : 0] != c)
    refuse(name, x, fmt::format("(N, {0}, {1}) or ({0}, {1})", c, sizes[axes - 1]));
  const Tensor source = x.materialize(),
               one = batched ? source : source.unsqueeze(0);  // a batch of one
  const Tensor y = instance_norm(
      one, {.running_mean = this->running_mean,
            .running_var = this->running_var,
            .weight = this->weight,
            .bias = this->bias,
            .use_input_stats = this->is_training() || !this->options_.track_running_stats,
            .momentum = this->options_.momentum.value_or(0),
            .eps = this->options_.eps});
  return batched ? y : y.squeeze(0);
}

GroupNorm::GroupNorm(std::int64_t num_groups, std::int64_t num_channels, GroupNormOptions options,
                     Site site)
    : num_groups_(num_groups), num_channels_(num_channels), options_(options) {
  const OpScope scope("GroupNorm", site);
  if (num_groups < 1 || num_channels < 0 || num_channels % num_groups != 0)
    throw ValueError(
        fmt::format("GroupNorm: {} channels in {} groups; the number of channels must "
                    "be divisible by num_groups",
                    num_channels, num_groups));
  if (!options.affine) return;
  weight = parameter("weight", ones({num_channels}, {.dtype = options.dtype}), site);
  bias = parameter("bias", zeros({num_channels}, {.dtype = options.dtype}), site);
}
Tensor GroupNorm::forward(Operand x) const {
  if (x.shape().dim() < 2 || x.shape()[1] != num_channels_)
    refuse("GroupNorm", x, fmt::format("(N, {}, ...)", num_channels_));
  return group_norm(x, num_groups_, weight, bias, options_.eps);
}
std::string GroupNorm::details() const {
  return fmt::format("{}, {}, eps={}, affine={}", num_groups_, num_channels_, options_.eps,
                     python_text(options_.affine));
}

LayerNorm::LayerNorm(const Shape& normalized_shape, LayerNormOptions options, Site site)
    : shape_(normalized_shape), options_(options) {
  const OpScope scope("LayerNorm", site);
  if (!options.elementwise_affine) return;
  weight = parameter("weight", ones(shape_, {.dtype = options.dtype}), site);
  if (options.bias) bias = parameter("bias", zeros(shape_, {.dtype = options.dtype}), site);
}
Tensor LayerNorm::forward(Operand x) const {
  return layer_norm(x, shape_, weight, bias, options_.eps);
}
std::string LayerNorm::details() const {
  return fmt::format("{}, eps={}, elementwise_affine={}", to_string(shape_), options_.eps,
                     python_text(options_.elementwise_affine));
}

RMSNorm::RMSNorm(const Shape& normalized_shape, RMSNormOptions options, Site site)
    : shape_(normalized_shape), options_(options) {
  const OpScope scope("RMSNorm", site);
  if (options.elementwise_affine)
    weight = parameter("weight", ones(shape_, {.dtype = options.dtype}), site);
}
Tensor RMSNorm::forward(Operand x) const { return rms_norm(x, shape_, weight, options_.eps); }
std::string RMSNorm::details() const {
  return fmt::format("{}, eps={}, elementwise_affine={}", to_string(shape_),
                     options_.eps ? fmt::to_string(*options_.eps) : "None",
                     python_text(options_.elementwise_affine));
}

Tensor LocalResponseNorm::forward(Operand x) const {
  return local_response_norm(x, size_, {.alpha = alpha_, .beta = beta_, .k = k_});
}
std::string LocalResponseNorm::details() const {
  return fmt::format("{}, alpha={}, beta={}, k={}", size_, alpha_, beta_, k_);
}

template class BatchNormNd<BatchNorm1d, 1>;
template class BatchNormNd<BatchNorm2d, 2>;
template class BatchNormNd<BatchNorm3d, 3>;
template class InstanceNormNd<InstanceNorm1d, 1>;
template class InstanceNormNd<InstanceNorm2d, 2>;
template class InstanceNormNd<InstanceNorm3d, 3>;

namespace detail {
template const ModuleType* module_type<BatchNorm1d>();
template const ModuleType* module_type<BatchNorm2d>();
template const ModuleType* module_type<BatchNorm3d>();
template const ModuleType* module_type<InstanceNorm1d>();
template const ModuleType* module_type<InstanceNorm2d>();
template const ModuleType* module_type<InstanceNorm3d>();
template const ModuleType* module_type<GroupNorm>();
template const ModuleType* module_type<LayerNorm>();
template const ModuleType* module_type<RMSNorm>();
template const ModuleType* module_type<LocalResponseNorm>();
}  // namespace detail

}  // namespace xgrad::nn
