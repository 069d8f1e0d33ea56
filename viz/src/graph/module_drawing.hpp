// module_drawing.hpp: the layers of a model as boxes and arrows.
#pragma once

#include <cstdint>
#include <string>

#include <xgrad/viz/module_graph.hpp>

#include "graph/drawing.hpp"
#include "graph/module_trace.hpp"

namespace xgrad::viz {

/// A box for each module that called no other, and the shapes that flow between them.
Drawing drawing_of(const ModuleTrace& trace, const ModuleGraphOptions& options);

/// "1,290 parameters".
std::string parameters_text(std::int64_t count);

}  // namespace xgrad::viz
