// gradients.hpp: the backward pass in a picture of a graph.
#pragma once

#include <cstddef>

#include "graph/arrows.hpp"
#include "graph/drawing.hpp"
#include "graph/plan.hpp"

namespace xgrad::viz {

/// Runs the backward pass, and adds what it brings to the boxes, arrows with the gradients, and
/// boxes for what is computed again.
/// @return how many steps the pass took.
std::size_t draw_gradients(const GraphPlan& plan, const GraphOptions& options, Drawing& drawing,
                           Arrows& arrows, Site site);

}  // namespace xgrad::viz
