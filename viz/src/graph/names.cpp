#include "graph/names.hpp"

namespace xgrad::viz {

using detail::Node;

void NodeNames::add(const std::vector<NamedTensor>& tensors) {
  for (const NamedTensor& named : tensors) {
    if (!named.tensor.defined()) continue;
    const Node& node = named.tensor.node();
    names_.try_emplace(&node, named.name);
    if (node.storage) of_storages_.try_emplace(node.storage.get(), named.name);
  }
}
void NodeNames::add(const NodeNames& others) {
  names_.insert(others.names_.begin(), others.names_.end());
  of_storages_.insert(others.of_storages_.begin(), others.of_storages_.end());
}

const std::string* NodeNames::added(const Node& node) const {
  const auto at = names_.find(&node);
  return at == names_.end() ? nullptr : &at->second;
}
std::string NodeNames::of(const Node& node) const {
  const std::string* const name = added(node);
  return name != nullptr ? *name : Tensor::share(const_cast<Node*>(&node)).name();
}
std::string NodeNames::of_storage(const Node& node) const {
  const auto at = of_storages_.find(node.storage.get());
  return at == of_storages_.end() || !node.storage ? "" : at->second;
}

std::string name_within(const std::string& name, const std::string& module) {
  return !module.empty() && name.size() > module.size() && name.starts_with(module) &&
                 name[module.size()] == '.'
             ? name.substr(module.size() + 1)
             : name;
}

}  // namespace xgrad::viz
