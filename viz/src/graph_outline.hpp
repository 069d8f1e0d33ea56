// graph_outline.hpp: the nodes of a graph as an outline, with the modules that computed them.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include <xgrad/viz/module_calls.hpp>

#include "graph_nodes.hpp"
#include "outline.hpp"

namespace xgrad::viz {

/// Numbers for texts, the same for the same text.
class Interned {
 public:
  std::uint32_t operator()(const std::string& text) {
    return numbers_.try_emplace(text, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

struct GraphOutline {
  Outline outline;                   ///< part i is node i
  std::vector<std::uint32_t> place;  ///< of each part: its op and line
};

/// @param names   of nodes, which stand for others only if these are called the same.
/// @param owners  the full names of parameters and buffers, which are drawn in their modules.
GraphOutline outline_of(const GraphNodes& graph, const NodeNames& names, const NodeNames& owners,
                        const std::vector<ModuleCalls::Call>& calls);

/// A name without that of the module it is in: "weight" for "encoder.0.weight" in "encoder.0".
std::string name_within(const std::string& name, const std::string& module);

}  // namespace xgrad::viz
