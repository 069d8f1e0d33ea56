// clip.hpp: bounds on gradients, applied before a step.
#pragma once

#include <limits>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::optim {

/// Scales all gradients by max_norm / (norm + 1e-6) if that is below 1, where norm is that of all
/// of them seen as one vector. Parameters without a gradient are passed over.
///
/// @param norm_type  1, 2, any other power, or infinity for the largest absolute value.
/// @return  the norm before, a 0-d tensor of the gradients' type; 0 if there are none.
/// @throws ValueError  if max_norm is negative or norm_type not positive.
/// @see  Pascanu et al., ICML 2013.
Tensor clip_grad_norm_(const TensorList& parameters, double max_norm, double norm_type = 2,
                       Site site = {__builtin_FILE(), __builtin_LINE()});

/// Bounds each element of the gradients to [-clip_value, clip_value]; NaN stays NaN.
/// @throws ValueError  if clip_value is negative.
void clip_grad_value_(const TensorList& parameters, double clip_value,
                      Site site = {__builtin_FILE(), __builtin_LINE()});

inline constexpr double infinity_norm = std::numeric_limits<double>::infinity();

}  // namespace xgrad::optim
