#include <xgrad/ops/normalization.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/logic.hpp>
#include <xgrad/ops/pointwise.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/statistics.hpp>

#include "kernels/batch_norm.hpp"
#include "kernels/layer_norm.hpp"
#include "kernels/rms_norm.hpp"
#include "nn/banded_map.hpp"
#include "nn/norms.hpp"
#include "precision.hpp"

namespace xgrad {
namespace {

using detail::beside_channels;
using detail::channels_of;
using detail::check_norm_input;
using detail::check_norm_shape;
using detail::layer_norm_by_ops;
using detail::move_towards;
using detail::normalized;
using detail::raw;
using detail::raw_or_null;
using detail::Value;

// The last axes as the rows of a norm. @throws ShapeError if x does not end in them.
std::vector<int> last_dims(const char* op, const Operand& x, const Shape& sizes) {
  const int axes = sizes.dim(), rank = x.shape().dim();
  check_norm_input(op, x, std::max(1, axes));
  std::vector<int> dims;
  bool fits = axes > 0;
  for (int i = 0; i < axes; ++i) {
    dims.push_back(rank - axes + i);
    fits = fits && x.shape()[rank - axes + i] == sizes[i];
  }
  if (!fits)
    throw ShapeError(fmt::format("{}: the input is {}; its last sizes must be {}", op, describe(x),
                                 to_string(sizes)));
  return dims;
}

struct BatchMoments {
  Tensor mean, var;  // (C)
};
// By a kernel, where that is fast, and where float32 keeps the digits of all squares.
std::optional<BatchMoments> moments_by_kernel(const Tensor& x, const BatchNormOptions& o) {
  constexpr std::int64_t short_rows = 16;
  const detail::AxisSplit channels = channels_of(x.shape());
  for (const Tensor& t : {o.weight, o.bias})
    if (t.defined() && t.dtype() != x.dtype()) return {};
  if (x.numel() == 0 || channels.inner < short_rows) return {};
  const Tensor mean = empty({channels.size}, {.dtype = x.dtype()}), var = empty_like(mean);
  detail::channel_moments(x.dtype(), channels, raw<void>(x), raw<void>(mean), raw<void>(var));
  const Tensor exact = logical_and(logical_or(var == 0, var > 1e-28), var < 1e28);
  if (!all(exact).item<bool>()) return {};
  return BatchMoments{mean, var};
}

Tensor batch_norm_by_ops(const Operand& x, const Tensor& weight, const Tensor& bias, double eps) {
  std::vector<int> dims{0};
  for (int i = 2; i < x.shape().dim(); ++i) dims.push_back(i);
  return normalized(x, mean(x, dims, true), var(x, dims, true, 0),
                    beside_channels(weight, x.shape()), beside_channels(bias, x.shape()), eps);
}

void batch_norm_gradients(const Tensor& dy, Inputs in, double eps, InputGradients dx) {
  const Tensor x = in[0], weight = in[1];
  const detail::AxisSplit channels = channels_of(x.shape());
  Value to[] = {dx.wants(0) ? Value::empty(x.shape(), x.dtype()) : Value{},
                Value::empty({channels.size}, x.dtype()), Value::empty({channels.size}, x.dtype())};
  detail::batch_norm_gradient(
      x.dtype(), channels, {raw<void>(in[3]), raw<void>(in[4]), raw_or_null(weight), nullptr, eps},
      raw<void>(x), raw<void>(dy), dx.wants(0) ? to[0].data<void>() : nullptr, to[1].data<void>(),
      to[2].data<void>());
  for (int i = 0; i < 3; ++i)
    if (dx.wants(i)) dx.add(i, detail::constant(std::move(to[i])));
}

Tensor batch_norm_by_kernel(const Operand& x, const BatchMoments& m, const BatchNormOptions& o) {
  const Tensor source = x.materialize();
  Value value = Value::empty(source.shape(), source.dtype());
  detail::batch_norm(
      source.dtype(), channels_of(source.shape()),
      {raw<void>(m.mean), raw<void>(m.var), raw_or_null(o.weight), raw_or_null(o.bias), o.eps},
      raw<void>(source), value.data<void>());
  return record({"batch_norm", "dx = w r (dy - mean(dy) - xhat mean(dy xhat))"},
                {x, o.weight, o.bias, m.mean, m.var}, std::move(value), save_inputs,
                [eps = o.eps](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (!dx.create_graph()) return batch_norm_gradients(dy, in, eps, dx);
                  const Tensor y = batch_norm_by_ops(in[0], in[1], in[2], eps);
                  dx.backward_through({y}, std::span(&dy, 1));
                });
}

}  // namespace

Tensor batch_norm(Operand x, const Tensor& running_mean, const Tensor& running_var,
                  const BatchNormOptions& o) {
  const OpScope scope("batch_norm", x);
  if (x.shape() == Shape{0}) return x.materialize();
  check_norm_input("batch_norm", x, 2);
  const Shape shape = x.shape(), channels{shape[1]};
  check_norm_shape("batch_norm", "running mean", running_mean, channels);
  check_norm_shape("batch_norm", "running variance", running_var, channels);
  check_norm_shape("batch_norm", "weight", o.weight, channels);
  check_norm_shape("batch_norm", "bias", o.bias, channels);
  const Tensor weight = beside_channels(o.weight, shape), bias = beside_channels(o.bias, shape);
  if (!o.training && running_mean.defined() && running_var.defined())
    return normalized(x, beside_channels(running_mean, shape), beside_channels(running_var, shape),
                      weight, bias, o.eps);
  const std::int64_t count = shape[1] == 0 ? 0 : shape.numel() / shape[1];
  if (o.training && count == 1)
    throw ValueError(
        fmt::format("batch_norm: {} has only one value per channel, so its variance is 0; train "
                    "with larger batches, or call eval() first",
                    describe(x)));
  const auto by_kernel = moments_by_kernel(x.materialize(), o);
  std::vector<int> dims{0};
  for (int i = 2; i < shape.dim(); ++i) dims.push_back(i);
  const Tensor batch_mean = by_kernel ? by_kernel->mean : mean(x, dims, true),
               batch_var = by_kernel ? by_kernel->var : var(x, dims, true, 0);
  if (o.training) {
    const double n = static_cast<double>(count);
    move_towards(running_mean, batch_mean, o.momentum);
    move_towards(running_var, batch_var.detach() * (n / (n - 1)), o.momentum);
  }
  if (by_kernel) return batch_norm_by_kernel(x, *by_kernel, o);
  return normalized(x, batch_mean, batch_var, weight, bias, o.eps);
}

namespace {

void layer_norm_gradients(const Tensor& dy, Inputs in, const detail::LayerNorm& rows,
                          InputGradients dx) {
  const Tensor x = in[0], weight = in[1];
  detail::add_norm_gradients(in, dx, [&](const detail::NormGradients& to) {
    detail::layer_norm_gradient(x.dtype(), rows, raw<void>(x), raw_or_null(weight),
                                raw<void>(in[3]), raw<void>(dy), to);
  });
}

}  // namespace

Tensor layer_norm(Operand x, const Shape& normalized_shape, const Tensor& weight,
                  const Tensor& bias, double eps) {
  const OpScope scope("layer_norm", x);
  last_dims("layer_norm", x, normalized_shape);
  check_norm_shape("layer_norm", "weight", weight, normalized_shape);
  check_norm_shape("layer_norm", "bias", bias, normalized_shape);
  const int axes = normalized_shape.dim();
  for (const Tensor& t : {weight, bias})
    if (t.defined() && t.dtype() != x.dtype()) return layer_norm_by_ops(x, weight, bias, axes, eps);
  const Tensor source = x.materialize();
  const std::int64_t n = normalized_shape.numel();
  const detail::LayerNorm rows{n == 0 ? 0 : source.numel() / n, n, eps};
  Value value = Value::empty(x.shape(), x.dtype());
  Value centers = Value::empty({rows.rows, 2}, x.dtype());
  detail::layer_norm(x.dtype(), rows, raw<void>(source), {raw_or_null(weight), raw_or_null(bias)},
                     value.data<void>(), centers.data<void>());
  return record({"layer_norm", "dx = r (g - mean(g) - xhat mean(g xhat)) with g = dy w"},
                {x, weight, bias, detail::constant(std::move(centers))}, std::move(value),
                save_inputs, [rows, axes](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (!dx.create_graph()) return layer_norm_gradients(dy, in, rows, dx);
                  const Tensor y = layer_norm_by_ops(in[0], in[1], in[2], axes, rows.eps);
                  dx.backward_through({y}, std::span(&dy, 1));
                });
}

namespace {

// The same by ops, to be differentiated again.
void composed_rms_gradient(const Tensor& dy, Inputs in, const detail::RmsNorm& rows,
                           InputGradients dx) {
  const Tensor x = in[0], weight = in[1];
  const Tensor flat_x = reshape(x, {rows.rows, rows.n});
  const Tensor r = rsqrt(mean(square(flat_x), 1, true) + rows.eps);
  const Tensor up = reshape(dy, flat_x.shape());
  const Tensor g = weight.defined() ? up * reshape(weight, {rows.n}) : up;
  if (dx.wants(0))
    dx.add(0, reshape(r * (g - flat_x * square(r) * mean(g * flat_x, 1, true)), x.shape()));
  if (dx.wants(1)) dx.add(1, reshape(sum(up * flat_x * r, 0), weight.shape()));
}

void rms_gradient(const Tensor& dy, Inputs in, const detail::RmsNorm& rows, InputGradients dx) {
  if (dx.create_graph()) return composed_rms_gradient(dy, in, rows, dx);
  const Tensor x = in[0], weight = in[1];
  if (dx.wants(0)) {
    Value value = Value::empty(x.shape(), x.dtype());
    detail::rms_norm_gradient(x.dtype(), rows, raw<void>(x),
                              weight.defined() ? raw<void>(weight) : nullptr, raw<void>(dy),
                              value.data<void>());
    dx.add(0, detail::constant(std::move(value)));
  }
  if (dx.wants(1)) {
    Value value = Value::empty(weight.shape(), x.dtype());
    detail::rms_norm_weight_gradient(x.dtype(), rows, raw<void>(x), raw<void>(dy),
                                     value.data<void>());
    dx.add(1, detail::constant(std::move(value)));
  }
}

}  // namespace

Tensor rms_norm(Operand x, const Shape& normalized_shape, const Tensor& weight,
                std::optional<double> eps) {
  const OpScope scope("rms_norm", x);
  last_dims("rms_norm", x, normalized_shape);
  check_norm_shape("rms_norm", "weight", weight, normalized_shape);
  if (weight.defined() && weight.dtype() != x.dtype())
    throw DTypeError(
        fmt::format("rms_norm: the weight is {}, the input {}; both must have the same dtype",
                    detail::describe(weight), describe(x)));
  const Tensor source = x.materialize();
  const std::int64_t n = normalized_shape.numel();
  const detail::RmsNorm rows{n == 0 ? 0 : source.numel() / n, n,
                             eps.value_or(detail::epsilon_of(x.dtype()))};
  Value value = Value::empty(x.shape(), x.dtype());
  detail::rms_norm(x.dtype(), rows, raw<void>(source),
                   weight.defined() ? raw<void>(weight) : nullptr, value.data<void>());
  return record(
      {"rms_norm", "dx = r (g - x r^2 mean(g x)), dw = sum(dy x r) with g = dy w"}, {x, weight},
      std::move(value), save_inputs,
      [rows](const Tensor& dy, Inputs in, InputGradients dx) { rms_gradient(dy, in, rows, dx); });
}

Tensor local_response_norm(Operand x, std::int64_t size, const LocalResponseNormOptions& o) {
  const OpScope scope("local_response_norm", x);
  check_norm_input("local_response_norm", x, 3);
  if (size < 1)
    throw ValueError(fmt::format("local_response_norm: size is {}; it must be at least 1", size));
  const std::int64_t channels = x.shape()[1], before = size / 2;
  const auto windows = [&](int) {
    detail::Taps taps(channels, std::min(size, channels));
    for (std::int64_t i = 0; i < channels; ++i) {
      const std::int64_t first = std::max<std::int64_t>(0, i - before),
                         last = std::min(channels, i + (size - before));
      taps.add_window(first, last - first, 1 / static_cast<double>(size));
    }
    return taps;
  };
  const Tensor source = x.materialize();
  const Tensor squares = square(source);
  const Tensor means = detail::resample("local_response_norm", squares, 1, {channels}, windows);
  return div(source, pow(means * o.alpha + o.k, o.beta));
}

}  // namespace xgrad
