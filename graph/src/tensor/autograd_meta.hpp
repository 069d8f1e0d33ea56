// autograd_meta.hpp: what few nodes have beside their value: a name, hooks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::detail {

using Hook = std::function<Tensor(const Tensor&)>;

/// Hooks in the order they were added, by rising number, by which a handle finds its own. Whoever
/// calls one shares it: it may remove itself.
struct HookList {
  std::uint64_t last = 0;
  std::vector<std::pair<std::uint64_t, std::shared_ptr<Hook>>> hooks;
};

struct AutogradMeta {
  std::string name;
  std::shared_ptr<HookList> gradient_hooks, accumulated_hooks;
};

/// The node's, made if it has none.
AutogradMeta& autograd_meta_of(Node& node);

/// The gradient as the node's hooks leave it.
Tensor run_gradient_hooks(const Node& node, Tensor gradient);
/// Tells the leaf's hooks that its .grad has been added to.
void run_post_accumulate_hooks(Node& node);

}  // namespace xgrad::detail
