// sweep.hpp: what a backward pass brings to the nodes of a graph, as text.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <xgrad/viz/graph.hpp>

#include "graph/nodes.hpp"

namespace xgrad::viz {

struct SweepVisit {
  std::size_t number = 0;  ///< from 1; 0 if the sweep does not come to the node
  std::vector<std::string> arrived;
};
struct SweepPass {
  std::size_t from = 0, to = 0;    ///< nodes
  std::vector<std::string> label;  ///< the gradient, and the local derivative if it is known
};
/// A node that the sweep computed, for a checkpoint.
struct RecomputedNode {
  std::string op;
  Shape shape;
};
struct GraphSweep {
  std::vector<SweepVisit> visits;  ///< of the nodes of the graph, then of the recomputed ones
  std::vector<SweepPass> passes;   ///< in the order of the sweep
  std::vector<RecomputedNode> recomputed;
  std::size_t steps = 0;
};

/// Runs the sweep of `backward` and writes down what arrives at the nodes that are shown one by
/// one.
GraphSweep trace_graph(const GraphNodes& graph, const GraphOptions& options,
                       const std::function<bool(std::size_t node)>& is_shown, Site site);

/// A gradient as lines: its elements, or its norm if there are many.
std::vector<std::string> gradient_lines(const Tensor& gradient, const GraphOptions& options);

}  // namespace xgrad::viz
