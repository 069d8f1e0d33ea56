// caption.hpp: the text below a picture of a graph.
#pragma once

#include <cstddef>
#include <string>

#include "graph/plan.hpp"

namespace xgrad::viz {

/// Such as "loss: 12 ops, 5 leaves, 13 steps backward; float32 unless noted".
/// @param steps  of the backward pass, if it is drawn.
std::string caption_of(const GraphPlan& plan, const GraphOptions& options, std::size_t steps);

}  // namespace xgrad::viz
