#include "graph/outline_of_nodes.hpp"

#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "graph/call_tree.hpp"
#include "graph/interned.hpp"

namespace xgrad::viz {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

std::string last_part(const std::string& name) { return name.substr(name.rfind('.') + 1); }

// What two nodes have to share to stand for each other.
std::string signature(const GraphNode& node, const NodeNames& names, const NodeNames& owners) {
  const detail::Node& n = *node.node;
  std::string text = to_string(n.shape) + std::string(name(n.dtype));
  if (owners.added(n) == nullptr) text.append(" ").append(names.of(n));
  if (node.is_leaf()) {
    const std::string* const owner = owners.added(n);
    return fmt::format("leaf {} {} {}", text, n.requires_grad(),
                       owner == nullptr ? "" : last_part(*owner));
  }
  const detail::Function& f = node.function();
  return fmt::format("{} {} {} {} {}", f.op, text, static_cast<int>(f.kind), f.index,
                     node.inputs.size());
}

std::string place_of(const GraphNode& node) {
  const detail::Node& n = *node.node;
  const Site site = n.site;
  return fmt::format("{}|{}|{}|{}", node.is_leaf() ? "" : node.function().op,
                     node.is_leaf() ? to_string(n.shape) : "", site.line,
                     site.file == nullptr ? "" : site.file);
}

// Parameters are drawn in their modules, if these were called.
void move_to_owners(const GraphNodes& graph, const NodeNames& owners, Outline& outline) {
  std::unordered_map<std::string, std::size_t> by_name;
  for (std::size_t c = 1; c < outline.clusters.size(); ++c)
    by_name.try_emplace(outline.clusters[c].name, c);
  for (std::size_t i = 0; i < graph.leaves; ++i) {
    const std::string* const owner = owners.added(*graph.nodes[i].node);
    if (owner == nullptr) continue;
    std::string module = *owner;
    std::size_t cluster = none;
    while (cluster == none) {
      const std::size_t dot = module.rfind('.');
      module = dot == std::string::npos ? "" : module.substr(0, dot);
      const auto at = by_name.find(module);
      if (at != by_name.end()) cluster = at->second;
      if (module.empty() && cluster == none) cluster = 0;
    }
    outline.parts[i].cluster = cluster;
  }
}

}  // namespace

GraphOutline outline_of(const GraphNodes& graph, const NodeNames& names, const NodeNames& owners,
                        const std::vector<ModuleCalls::Call>& calls) {
  GraphOutline result;
  Outline& outline = result.outline;
  Interned alike, place;
  outline.leaves = graph.leaves;
  for (const GraphNode& node : graph.nodes) {
    Outline::Part part{alike(signature(node, names, owners)), node.is_leaf(), 0, {}};
    for (const GraphInput& input : node.inputs) part.inputs.push_back(input.from);
    outline.parts.push_back(std::move(part));
    result.place.push_back(place(place_of(node)));
  }
  outline.clusters[0].begin = graph.leaves;
  outline.clusters[0].end = graph.nodes.size();
  put_into_calls(graph, calls, outline);
  move_to_owners(graph, owners, outline);
  return result;
}

}  // namespace xgrad::viz
