// explain.hpp: a backward sweep told in words and numbers.
#pragma once

#include <string>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

struct ExplainOptions {
  std::size_t max_steps = 40;     ///< told one by one; the others are counted by op
  std::int64_t max_elements = 9;  ///< of a tensor that is shown whole; larger ones in figures
  int digits = 6;                 ///< significant ones
};

/// What `loss.backward()` does, step by step: each node in the order the sweep takes it, its local
/// gradient as a rule and, elementwise, in numbers, what arrives and what is passed on to whom.
///
/// Values are shown where something still keeps them: compute the loss under `KeepValues` to see
/// all. Neither `.grad` nor the graph changes. @throws GraphError, ShapeError as `backward`.
///
///     const KeepValues guard;
///     fmt::print("{}", explain(square(w * x - y)));
std::string explain(const Tensor& loss, const ExplainOptions& options = {},
                    Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
