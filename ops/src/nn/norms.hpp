// norms.hpp: what the norms have in common.
#pragma once

#include <cstdint>

#include <xgrad/graph/operand.hpp>

#include "kernels/axis_split.hpp"

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

}  // namespace xgrad::detail
