// norms.hpp: what the norms have in common.
#pragma once

#include <cstdint>
#include <utility>

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/record.hpp>

#include "kernels/axis_split.hpp"
#include "kernels/norm_arrays.hpp"

namespace xgrad::detail {

/// @throws ShapeError  unless x is floating with so many dims.
void check_norm_input(const char* op, const Operand& x, int least_dims);
/// @throws ShapeError  unless t is undefined or has the shape.
void check_norm_shape(const char* op, const char* what, const Tensor& t, const Shape& shape);

/// (C) as (1, C, 1, ...).
Tensor beside_channels(const Tensor& t, const Shape& shape);
Operand or_number(const Tensor& t, double otherwise);
const void* raw_or_null(const Tensor& t);
/// (N, C, ...) as samples, channels and what lies in one piece.
AxisSplit channels_of(const Shape& shape);
/// running = (1 - momentum) running + momentum batch, if it is defined.
void move_towards(Tensor running, const Tensor& batch, double momentum);

/// (x - mean) / sqrt(var + eps) weight + bias, in one pass.
Tensor normalized(const Operand& x, const Tensor& mean, const Tensor& var, const Tensor& weight,
                  const Tensor& bias, double eps);
/// The same with the mean and variance of each row of the last axes.
Tensor layer_norm_by_ops(const Operand& x, const Tensor& weight, const Tensor& bias, int axes,
                         double eps);

/// Gives each of x, weight and bias the gradient that `kernel(NormGradients)` writes, if it wants
/// one.
template <class Kernel>
void add_norm_gradients(Inputs in, InputGradients dx, Kernel kernel) {
  Value values[3];
  void* to[3] = {};
  for (int i = 0; i < 3; ++i)
    if (dx.wants(i)) {
      values[i] = Value::empty(in.shape(i), in[0].dtype());
      to[i] = values[i].template data<void>();
    }
  kernel(NormGradients{to[0], to[1], to[2]});
  for (int i = 0; i < 3; ++i)
    if (to[i] != nullptr) dx.add(i, constant(std::move(values[i])));
}

}  // namespace xgrad::detail
