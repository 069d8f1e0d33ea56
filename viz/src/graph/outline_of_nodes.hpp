// outline_of_nodes.hpp: the nodes of a graph as an outline, with the modules that computed them.
#pragma once

#include <cstdint>
#include <vector>

#include <xgrad/viz/module_calls.hpp>

#include "graph/names.hpp"
#include "graph/nodes.hpp"
#include "graph/outline.hpp"

namespace xgrad::viz {

struct GraphOutline {
  Outline outline;                   ///< part i is node i
  std::vector<std::uint32_t> place;  ///< of each part: its op and line
};

/// @param names   of nodes, which stand for others only if these are called the same.
/// @param owners  the full names of parameters and buffers, which are drawn in their modules.
GraphOutline outline_of(const GraphNodes& graph, const NodeNames& names, const NodeNames& owners,
                        const std::vector<ModuleCalls::Call>& calls);

}  // namespace xgrad::viz
