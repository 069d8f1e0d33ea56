// nodes.hpp: the nodes of a graph in an order.
#pragma once

#include <unordered_map>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::viz {

struct GraphInput {
  std::size_t from = 0;  ///< an earlier node
  bool view = false;     ///< the result shares its memory
  bool changed = false;  ///< it was changed in place after it was saved
};
struct GraphNode {
  detail::Node* node = nullptr;
  std::vector<GraphInput> inputs;  ///< those that are in the graph, in their order

  bool is_leaf() const noexcept { return node->is_leaf(); }
  detail::Function& function() const noexcept { return *node->function(); }
  /// The call of an op with several results: it has no value, its results follow it.
  bool is_tuple() const noexcept {
    return !is_leaf() && function().kind == detail::Function::Kind::tuple;
  }
  bool is_tuple_element() const noexcept {
    return !is_leaf() && function().kind == detail::Function::Kind::tuple_element;
  }
  /// The value, if it has not been freed.
  Tensor value() const;
};

/// Leaves come first, then the others by their creation numbers: inputs precede results. The
/// outputs keep the nodes alive.
struct GraphNodes {
  std::vector<Tensor> outputs;
  std::vector<GraphNode> nodes;
  std::size_t leaves = 0;
  std::unordered_map<const detail::Node*, std::size_t> index;
};

/// Walks the graph without recursion.
/// @throws GraphError  naming the caller, if an output is undefined or its graph was freed.
GraphNodes collect_nodes(const char* caller, const TensorList& outputs, Site site);

}  // namespace xgrad::viz
