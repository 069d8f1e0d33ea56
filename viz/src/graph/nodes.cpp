#include "graph/nodes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::viz {
namespace {

using detail::Edge;
using detail::Node;

void check_output(const char* caller, const Tensor& output, Site site) {
  if (!output.defined())
    throw GraphError(fmt::format("{}: the output is an undefined tensor, which has no graph; pass "
                                 "the tensor that was computed, such as the loss",
                                 caller),
                     site);
  if (output.is_leaf()) return;
  const detail::Function& function = *output.node().function();
  if (function.edge_count == 0 && function.edge_count_made > 0)
    throw GraphError(
        fmt::format("{}: the graph of {} has been freed by a sweep; draw it before backward, or "
                    "pass {{.retain_graph = true}} to backward",
                    caller, detail::describe(output)),
        site);
}

// What ops take in place of an optional input that was left out, such as the weights of classes.
bool is_left_out(const Node& node) {
  return node.is_leaf() && !node.requires_grad() && node.shape == Shape{0} &&
         node.autograd_meta == nullptr;
}

// All nodes, in the order in which they are found.
std::vector<Node*> reached_from(const std::vector<Tensor>& outputs) {
  std::vector<Node*> found;
  std::unordered_map<const Node*, bool> seen;
  const auto add = [&](Node* node) {
    if (!is_left_out(*node) && seen.try_emplace(node, true).second) found.push_back(node);
  };
  for (const Tensor& output : outputs)
    if (seen.try_emplace(&output.node(), true).second) found.push_back(&output.node());
  for (std::size_t i = 0; i < found.size(); ++i)
    if (detail::Function* const function = found[i]->function())
      for (std::uint32_t e = 0; e < function->edge_count; ++e)
        if (Node* const input = function->edges()[e].node) add(input);
  return found;
}

GraphInput input_of(const Node& node, const Edge& edge, std::size_t from) {
  GraphInput input{from};
  const detail::StorageRef& storage = edge.node->storage;
  input.view = storage && node.storage && storage.get() == node.storage.get();
  input.changed =
      edge.reads && storage && storage->version.load(std::memory_order_acquire) != edge.version;
  return input;
}

void connect(GraphNodes& graph, GraphNode& to) {
  detail::Function* const function = to.node->function();
  for (std::uint32_t e = 0; function != nullptr && e < function->edge_count; ++e)
    if (const Edge& edge = function->edges()[e]; edge.node != nullptr && !is_left_out(*edge.node))
      to.inputs.push_back(input_of(*to.node, edge, graph.index.at(edge.node)));
}

}  // namespace

Tensor GraphNode::value() const {
  if (is_tuple() || !node->storage) return {};
  return detail::constant({node->storage, node->shape, node->dtype});
}

GraphNodes collect_nodes(const char* caller, const TensorList& outputs, Site site) {
  GraphNodes graph;
  for (const Tensor& output : outputs) {
    check_output(caller, output, site);
    graph.outputs.push_back(output);
  }
  std::vector<Node*> found = reached_from(graph.outputs);
  std::stable_sort(found.begin(), found.end(), [](const Node* a, const Node* b) {
    return a->is_leaf() != b->is_leaf() ? a->is_leaf() : a->number < b->number;
  });
  for (Node* const node : found) {
    graph.index.emplace(node, graph.nodes.size());
    graph.leaves += node->is_leaf();
    graph.nodes.push_back({node, {}});
  }
  for (GraphNode& node : graph.nodes) connect(graph, node);
  return graph;
}

}  // namespace xgrad::viz
