// labels.hpp: what the boxes of a graph say.
#pragma once

#include <string>
#include <vector>

#include <xgrad/viz/graph.hpp>

#include "graph/drawing.hpp"
#include "graph/names.hpp"
#include "graph/nodes.hpp"
#include "graph/sweep.hpp"

namespace xgrad::viz {

/// Writes the boxes of nodes.
class GraphLabels {
 public:
  /// @param usual  the dtype that is not named.
  GraphLabels(const NodeNames& names, const GraphOptions& options, DType usual)
      : names_(names), options_(options), usual_(usual) {}

  /// @param module  the name of the module around it, which is left out of its own.
  Box box(const GraphNode& node, const std::string& module) const;
  /// A box for nodes of one op and line.
  Box box_of_several(const GraphNode& one, std::int64_t count) const;
  Box recomputed(const RecomputedNode& node) const;
  /// "[2, 3]", "scalar", "[2] float64".
  std::string shape_text(const Shape& shape, DType dtype) const;
  /// Writes what the backward pass brings.
  static void add_visit(Box& box, const SweepVisit& visit, bool is_leaf);

 private:
  std::string title(const GraphNode& node, const std::string& module, const Tensor& value) const;
  std::string leaf_title(const GraphNode& node, const std::string& name, bool in_module,
                         const Tensor& value) const;
  BoxKind kind(const GraphNode& node, bool in_module) const;
  bool is_small(const Tensor& value) const {
    return value.defined() && value.numel() <= options_.max_elements;
  }
  void add_value(Box& box, const Tensor& value) const;
  void add_gradient(Box& box, const GraphNode& node) const;
  void add_bytes(Box& box, const GraphNode& node) const;

  const NodeNames& names_;
  const GraphOptions& options_;
  const DType usual_;
};

/// "model.cpp:12"; empty if it is unknown.
std::string site_text(Site site);

}  // namespace xgrad::viz
