// call_tree.hpp: the calls of modules around the nodes of a graph.
#pragma once

#include <vector>

#include <xgrad/viz/module_calls.hpp>

#include "graph/nodes.hpp"
#include "graph/outline.hpp"

namespace xgrad::viz {

/// Makes a cluster of each call that made a node, and puts the parts of the outline, which are the
/// nodes, into them.
void put_into_calls(const GraphNodes& graph, const std::vector<ModuleCalls::Call>& calls,
                    Outline& outline);

}  // namespace xgrad::viz
