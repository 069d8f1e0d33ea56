#include <xgrad/nn/normalization.hpp>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/normalization.hpp>

namespace xgrad::nn {

BatchNorm1d::BatchNorm1d(std::int64_t num_features, BatchNormOptions options, Site site)
    : num_features_(num_features), options_(options) {
  const OpScope scope("BatchNorm1d", site);
  const TensorOptions o{.dtype = options.dtype};
  if (options.affine) {
    weight = parameter("weight", ones({num_features}, o));
    bias = parameter("bias", zeros({num_features}, o));
  }
  if (!options.track_running_stats) return;
  running_mean = buffer("running_mean", zeros({num_features}, o));
  running_var = buffer("running_var", ones({num_features}, o));
  num_batches_tracked = buffer("num_batches_tracked", zeros({}, {.dtype = int64}));
}

// A plain average of all batches so far gives the new one the share 1 / n.
double BatchNorm1d::momentum_now() const {
  if (options_.momentum || !num_batches_tracked.defined()) return options_.momentum.value_or(0);
  return 1 / static_cast<double>(num_batches_tracked.item<std::int64_t>());
}

Tensor BatchNorm1d::forward(Operand x) const {
  const OpScope scope("BatchNorm1d", x);
  const int axes = x.shape().dim();
  if ((axes != 2 && axes != 3) || x.shape()[1] != num_features_)
    throw ShapeError(fmt::format("BatchNorm1d: {} must be (N, {}) or (N, {}, L)", describe(x),
                                 num_features_, num_features_),
                     x.site());
  if (is_training() && num_batches_tracked.defined()) {
    const NoGrad guard;
    Tensor(num_batches_tracked).assign(num_batches_tracked + 1, x.site());
  }
  return batch_norm(x, running_mean, running_var,
                    {.weight = weight,
                     .bias = bias,
                     .training = is_training(),
                     .momentum = momentum_now(),
                     .eps = options_.eps});
}

std::string BatchNorm1d::details() const {
  return fmt::format("{}, eps={}, momentum={}, affine={}, track_running_stats={}", num_features_,
                     options_.eps, options_.momentum ? fmt::to_string(*options_.momentum) : "None",
                     options_.affine ? "True" : "False",
                     options_.track_running_stats ? "True" : "False");
}

LayerNorm::LayerNorm(const Shape& normalized_shape, LayerNormOptions options, Site site)
    : shape_(normalized_shape), options_(options) {
  const OpScope scope("LayerNorm", site);
  if (!options.elementwise_affine) return;
  weight = parameter("weight", ones(shape_, {.dtype = options.dtype}));
  bias = parameter("bias", zeros(shape_, {.dtype = options.dtype}));
}

Tensor LayerNorm::forward(Operand x) const {
  return layer_norm(x, shape_, weight, bias, options_.eps);
}

std::string LayerNorm::details() const {
  return fmt::format("{}, eps={}, elementwise_affine={}", to_string(shape_), options_.eps,
                     options_.elementwise_affine ? "True" : "False");
}

}  // namespace xgrad::nn
