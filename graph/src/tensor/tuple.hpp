// tuple.hpp: the results of an op that has several.
//
// One tuple node holds the local gradient; a tuple element per result has an edge to it. The tuple
// node runs once, when the sweep reaches it, with what has arrived at its elements.
#pragma once

#include <memory>
#include <vector>

#include <xgrad/graph/node.hpp>

namespace xgrad::detail {

struct TupleState {
  std::vector<Value> results;  // shapes and dtypes; storage only where the local gradient reads
  std::vector<std::uint32_t> versions;  // of the storages when they were saved
  std::shared_ptr<void> kept;           // what else the local gradient needs, until the release
};

/// A node for result `index` of the tuple node, around its value.
Node* make_tuple_element(Node* tuple, std::uint32_t index, Value&& value);

}  // namespace xgrad::detail
