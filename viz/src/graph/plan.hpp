// plan.hpp: what of a graph a picture shows, and what it shows as one box.
#pragma once

#include <vector>

#include <xgrad/viz/graph.hpp>

#include "graph/names.hpp"
#include "graph/nodes.hpp"
#include "graph/outline_of_nodes.hpp"

namespace xgrad::viz {

struct GraphPlan {
  GraphNodes graph;
  NodeNames names;
  GraphOutline outline;
  std::vector<std::size_t> shown;  ///< the node that is drawn for each
  Grouping grouping;               ///< box i of the picture is group i

  /// The dtype of the output, which labels leave out.
  DType usual() const { return graph.outputs[0].dtype(); }
  /// Whether the node is drawn itself, not a counterpart.
  bool is_drawn(std::size_t node) const { return shown[node] == node; }
  /// Whether an arrow belongs to a node that is not drawn itself.
  bool is_hidden(std::size_t from, std::size_t to) const {
    return !is_drawn(from) || !is_drawn(to);
  }
  /// Whether a box is one node and shows its numbers.
  bool is_single(const Group& group) const {
    return group.cluster == 0 && group.parts == 1 && !outline.outline.is_repeated(group.inside);
  }
  bool shows_numbers(std::size_t node) const {
    return is_drawn(node) && is_single(grouping.groups[grouping.of_part[node]]);
  }
};

/// @throws GraphError  as collect_nodes.
GraphPlan plan_of(const char* caller, const TensorList& outputs, const GraphOptions& options,
                  Site site);

}  // namespace xgrad::viz
