// boxes.hpp: the boxes of a picture of a graph, and the frames around them.
#pragma once

#include "graph/drawing.hpp"
#include "graph/plan.hpp"

namespace xgrad::viz {

/// Adds a box for each group of the plan, with the group's number.
void draw_boxes(const GraphPlan& plan, const GraphOptions& options, Drawing& drawing);

}  // namespace xgrad::viz
