// backward.hpp: gradients as values, without touching any `.grad`.
#pragma once

#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

struct GradOptions {
  /// Upstream gradients, one per output; may be left out for outputs of one element.
  TensorList grad_outputs = {};
  std::optional<bool> retain_graph = {};  ///< By default what create_graph is.
  bool create_graph = false;
  /// Give an undefined gradient for an input that no output depends on, instead of throwing.
  bool allow_unused = false;
};

/// Gradients of the outputs (each weighted by its upstream gradient, then summed) with respect to
/// the inputs, in their order. Only what lies between them is swept.
///
///     Tensor slope = grad(x * x * x, x, {.create_graph = true})[0];  // 3 x^2
///     Tensor bend = grad(slope, x)[0];                               // 6 x
std::vector<Tensor> grad(const TensorList& outputs, const TensorList& inputs,
                         const GradOptions& options = {},
                         Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
