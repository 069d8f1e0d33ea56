// Norms of groups of channels.
#include <xgrad/ops/normalization.hpp>

#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/statistics.hpp>

#include "kernels/group_norm.hpp"
#include "nn/norms.hpp"

namespace xgrad {
namespace {

using detail::beside_channels;
using detail::channels_of;
using detail::check_norm_input;
using detail::check_norm_shape;
using detail::layer_norm_by_ops;
using detail::move_towards;
using detail::or_number;
using detail::raw;
using detail::raw_or_null;
using detail::Value;

Tensor group_norm_by_ops(const Operand& x, std::int64_t groups, const Tensor& weight,
                         const Tensor& bias, double eps) {
  const Shape shape = x.shape();
  const std::int64_t each = shape.numel() == 0 ? 0 : shape.numel() / (shape[0] * groups);
  const Tensor flat = reshape(x, {shape[0], groups, each});
  const Tensor y = reshape(layer_norm_by_ops(flat, {}, {}, 1, eps), shape);
  if (!weight.defined() && !bias.defined()) return y;
  return addcmul(or_number(beside_channels(bias, shape), 0), y,
                 or_number(beside_channels(weight, shape), 1));
}

void group_norm_gradients(const Tensor& dy, Inputs in, const detail::GroupNorm& size,
                          InputGradients dx) {
  const Tensor x = in[0], weight = in[1];
  detail::add_norm_gradients(in, dx, [&](const detail::NormGradients& to) {
    detail::group_norm_gradient(x.dtype(), size, raw<void>(x), raw_or_null(weight), raw<void>(dy),
                                to);
  });
}

// x (N, C, ...), whose channels the groups divide.
Tensor norm_of_groups(const Operand& x, std::int64_t groups, const Tensor& weight,
                      const Tensor& bias, double eps) {
  for (const Tensor& t : {weight, bias})
    if (t.defined() && t.dtype() != x.dtype())
      return group_norm_by_ops(x, groups, weight, bias, eps);
  const Tensor source = x.materialize();
  if (source.numel() == 0) return group_norm_by_ops(x, groups, weight, bias, eps);
  const detail::AxisSplit planes = channels_of(source.shape());
  const detail::GroupNorm size{planes.outer, groups, planes.size / groups, planes.inner, eps};
  Value value = Value::empty(source.shape(), source.dtype());
  detail::group_norm(source.dtype(), size, raw<void>(source),
                     {raw_or_null(weight), raw_or_null(bias)}, value.data<void>());
  return record({"group_norm", "dx = r (g - mean(g) - xhat mean(g xhat)) with g = dy w"},
                {x, weight, bias}, std::move(value), save_inputs,
                [size](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (!dx.create_graph()) return group_norm_gradients(dy, in, size, dx);
                  const Tensor y = group_norm_by_ops(in[0], size.groups, in[1], in[2], size.eps);
                  dx.backward_through({y}, std::span(&dy, 1));
                });
}

}  // namespace

Tensor group_norm(Operand x, std::int64_t num_groups, const Tensor& weight, const Tensor& bias,
                  double eps) {
  const OpScope scope("group_norm", x);
  check_norm_input("group_norm", x, 2);
  const Shape shape = x.shape();
  if (num_groups < 1 || shape[1] % num_groups != 0)
    throw ShapeError(
        fmt::format("group_norm: num_groups is {}; it must be at least 1, and divide the number of "
                    "channels of {}",
                    num_groups, describe(x)));
  check_norm_shape("group_norm", "weight", weight, {shape[1]});
  check_norm_shape("group_norm", "bias", bias, {shape[1]});
  return norm_of_groups(x, num_groups, weight, bias, eps);
}

Tensor instance_norm(Operand x, const InstanceNormOptions& o) {
  const OpScope scope("instance_norm", x);
  check_norm_input("instance_norm", x, 2);
  if (x.shape().dim() == 2) return squeeze(instance_norm(unsqueeze(x, 0), o), 0);
  if (!o.use_input_stats)
    return batch_norm(x, o.running_mean, o.running_var,
                      {.weight = o.weight, .bias = o.bias, .eps = o.eps});
  const Shape shape = x.shape(), channels{shape[1]};
  for (const auto& [what, t] : {std::pair{"running mean", o.running_mean},
                                {"running variance", o.running_var},
                                {"weight", o.weight},
                                {"bias", o.bias}})
    check_norm_shape("instance_norm", what, t, channels);
  std::vector<int> dims;
  std::int64_t count = 1;
  for (int i = 2; i < shape.dim(); ++i) {
    dims.push_back(i);
    count *= shape[i];
  }
  if (count == 1)
    throw ValueError(
        fmt::format("instance_norm: {} has only one value per channel, so its variance is 0; there "
                    "must be more than one",
                    describe(x)));
  if (o.running_mean.defined() || o.running_var.defined()) {
    const NoGrad guard;
    const double n = static_cast<double>(count);
    move_towards(o.running_mean, mean(mean(x, dims, true), {0}), o.momentum);
    move_towards(o.running_var, mean(var(x, dims, true, 0), {0}) * (n / (n - 1)), o.momentum);
  }
  return norm_of_groups(x, shape[1], o.weight, o.bias, o.eps);
}

}  // namespace xgrad
