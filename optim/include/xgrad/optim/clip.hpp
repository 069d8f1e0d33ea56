// clip.hpp: functions that clip gradients before a step.
#pragma once

#include <limits>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::optim {

/// Multiplies all gradients by max_norm / (norm + 1e-6) if that is less than 1. The norm is that of
/// all gradients concatenated into one vector. Parameters without a gradient are skipped.
///
/// @param norm_type  1, 2, any other power, or infinity for the largest absolute value.
/// @return  the norm before clipping, a 0-d tensor of the gradients' dtype; 0 if there are none.
/// @throws ValueError  if max_norm is negative or norm_type is not positive.
/// @see  Pascanu et al., ICML 2013.
Tensor clip_grad_norm_(const TensorList& parameters, double max_norm, double norm_type = 2,
                       Site site = {__builtin_FILE(), __builtin_LINE()});

/// Clamps each element of the gradients to [-clip_value, clip_value]. NaN stays NaN.
/// @throws ValueError  if clip_value is negative.
void clip_grad_value_(const TensorList& parameters, double clip_value,
                      Site site = {__builtin_FILE(), __builtin_LINE()});

inline constexpr double infinity_norm = std::numeric_limits<double>::infinity();

}  // namespace xgrad::optim

/// PyTorch's names of the two functions.
namespace xgrad::nn::utils {
using optim::clip_grad_norm_;
using optim::clip_grad_value_;
}  // namespace xgrad::nn::utils
