#include "nn/norms.hpp"

#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/pointwise.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/statistics.hpp>

namespace xgrad::detail {
namespace {

// One pass over everything, for the value and for all gradients.
struct Normalize {
  static constexpr auto name = "normalize";
  double eps;
  auto value(auto x, auto mean, auto var) const { return (x - mean) * rsqrt(var + eps); }
};
struct NormalizeAndScale {
  static constexpr auto name = "normalize";
  double eps;
  auto value(auto x, auto mean, auto var, auto weight, auto bias) const {
    return (x - mean) * (rsqrt(var + eps) * weight) + bias;
  }
};

}  // namespace

Operand or_number(const Tensor& t, double otherwise) {
  return t.defined() ? t : Operand(otherwise);
}

Tensor normalized(const Operand& x, const Tensor& mean, const Tensor& var, const Tensor& weight,
                  const Tensor& bias, double eps) {
  if (!weight.defined() && !bias.defined()) return pointwise(Normalize{eps}, x, mean, var);
  return pointwise(NormalizeAndScale{eps}, x, mean, var, or_number(weight, 1), or_number(bias, 0));
}

void check_norm_input(const char* op, const Operand& x, int least_dims) {
  if (x.shape().dim() < least_dims || !is_floating(x.dtype()))
    throw ShapeError(fmt::format("{}: {} must be float32 or float64, with at least {} dims", op,
                                 describe(x), least_dims));
}
void check_norm_shape(const char* op, const char* what, const Tensor& t, const Shape& shape) {
  if (t.defined() && t.shape() != shape)
    throw ShapeError(
        fmt::format("{}: the {} is {}; it must be {}", op, what, describe(t), to_string(shape)));
}

Tensor beside_channels(const Tensor& t, const Shape& shape) {
  if (!t.defined()) return t;
  Shape wide = shape;
  for (int i = 0; i < wide.dim(); ++i) wide[i] = i == 1 ? shape[1] : 1;
  return reshape(t, wide);
}

void move_towards(Tensor running, const Tensor& batch, double momentum) {
  if (!running.defined()) return;
  const NoGrad guard;
  const Tensor now = reshape(batch.detach(), running.shape());
  running.assign(xgrad::add(xgrad::mul(running, 1 - momentum), xgrad::mul(now, momentum)));
}

const void* raw_or_null(const Tensor& t) { return t.defined() ? raw<void>(t) : nullptr; }

AxisSplit channels_of(const Shape& shape) {
  const std::int64_t samples = shape[0], channels = shape[1];
  const std::int64_t planes = samples * channels;
  return {samples, channels, planes == 0 ? 0 : shape.numel() / planes};
}

Tensor layer_norm_by_ops(const Operand& x, const Tensor& weight, const Tensor& bias, int axes,
                         double eps) {
  std::vector<int> dims;
  for (int i = -axes; i < 0; ++i) dims.push_back(i);
  return normalized(x, mean(x, dims, true), var(x, dims, true, 0), weight, bias, eps);
}

}  // namespace xgrad::detail
