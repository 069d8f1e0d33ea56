// explain.hpp: explain, a description of a backward sweep in words and numbers.
#pragma once

#include <string>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

struct ExplainOptions {
  std::size_t max_steps = 40;     ///< steps that are described; further steps are counted by op
  std::int64_t max_elements = 9;  ///< tensors with more elements are shown as mean, largest, norm
  int digits = 6;                 ///< significant digits of numbers
};

/// Describes what `loss.backward()` does, step by step. For each node, in the order of the sweep,
/// it shows the gradient that arrives, the rule of the local gradient, for elementwise ops also the
/// local derivatives, and the gradients that are passed on to the inputs.
///
/// A value is shown only if it has not been freed; compute the loss under `KeepValues` to see all
/// values. Neither `.grad` nor the graph changes. @throws GraphError, ShapeError as `backward`.
///
///     const KeepValues guard;
///     fmt::print("{}", explain(square(w * x - y)));
std::string explain(const Tensor& loss, const ExplainOptions& options = {},
                    Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
