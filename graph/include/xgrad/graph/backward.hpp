// backward.hpp: `grad`, which returns gradients instead of adding them to `.grad`.
#pragma once

#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

struct GradOptions {
  /// Upstream gradients, one per output. For outputs of one element, an entry may be undefined, or
  /// the whole list empty; the upstream gradient is then 1.
  TensorList grad_outputs = {};
  std::optional<bool> retain_graph = {};  ///< Default: the value of create_graph.
  bool create_graph = false;
  /// Return an undefined gradient for an input that no output depends on, instead of throwing.
  bool allow_unused = false;
};

/// Computes the gradients of the outputs, each weighted by its upstream gradient and then summed,
/// with respect to the inputs, and returns them in the order of the inputs. The sweep visits only
/// nodes on a path from an output to an input. No `.grad` changes.
///
/// @throws GraphError  as `backward`; if an input does not require a gradient; if no output depends
///                     on an input, unless allow_unused is set.
/// @throws ValueError  unless there are as many grad_outputs as outputs, or none.
///
///     Tensor slope = grad(x * x * x, x, {.create_graph = true})[0];  // 3 x^2
///     Tensor bend = grad(slope, x)[0];                               // 6 x
std::vector<Tensor> grad(const TensorList& outputs, const TensorList& inputs,
                         const GradOptions& options = {},
                         Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
