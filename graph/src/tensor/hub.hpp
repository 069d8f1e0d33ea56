// hub.hpp: the results of an op that has several.
//
// One hub node holds the local gradient; a projection node per result has an edge to it. The hub
// runs once, when the sweep reaches it, with what has arrived at its projections.
#pragma once

#include <memory>
#include <vector>

#include <xgrad/graph/node.hpp>

namespace xgrad::detail {

struct HubState {
  std::vector<Value> results;  // shapes and dtypes; storage only where the local gradient reads
  std::vector<std::uint32_t> versions;  // of the storages when they were saved
  std::shared_ptr<void> kept;           // what else the local gradient needs, until the release
};

/// A node for result `index` of the hub, around its value.
Node* make_projection(Node* hub, std::uint32_t index, Value&& value);

}  // namespace xgrad::detail
