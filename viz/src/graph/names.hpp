// names.hpp: the names of the nodes of a graph.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include <xgrad/graph/state_dict.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad::viz {

/// The names of tensors. Those that are added first win, and all win over the tensors' own.
class NodeNames {
 public:
  /// Names all that are defined.
  void add(const std::vector<NamedTensor>& tensors);
  void add(const NodeNames& others);
  /// The name of a node, or "".
  std::string of(const detail::Node& node) const;
  /// The name of a tensor that shares its memory with the node, or "".
  std::string of_storage(const detail::Node& node) const;
  /// The name that was added for a node; null if there is none.
  const std::string* added(const detail::Node& node) const;

 private:
  std::unordered_map<const detail::Node*, std::string> names_;
  std::unordered_map<const detail::Storage*, std::string> of_storages_;
};

/// A name without that of the module it is in: "weight" for "encoder.0.weight" in "encoder.0".
std::string name_within(const std::string& name, const std::string& module);

}  // namespace xgrad::viz
