// autograd_meta.hpp: what few nodes have beside their value: a name, hooks.
#pragma once

#include <memory>
#include <string>

#include <xgrad/graph/hook_list.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad::detail {

using TensorHooks = HookList<Tensor(const Tensor&)>;

struct AutogradMeta {
  std::string name;
  std::shared_ptr<TensorHooks> gradient_hooks, accumulated_hooks;
};

/// The node's, made if it has none.
AutogradMeta& autograd_meta_of(Node& node);

/// The gradient as the node's hooks leave it.
Tensor run_gradient_hooks(const Node& node, Tensor gradient);
/// Tells the leaf's hooks that its .grad has been added to.
void run_post_accumulate_hooks(Node& node);

}  // namespace xgrad::detail
