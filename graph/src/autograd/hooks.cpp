#include <xgrad/graph/hooks.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "tensor/autograd_meta.hpp"

namespace xgrad {

namespace detail {

AutogradMeta& autograd_meta_of(Node& node) {
  if (node.autograd_meta == nullptr) node.autograd_meta = new AutogradMeta;
  return *node.autograd_meta;
}

using Hook = TensorHooks::Hook;

HookHandle add_gradient_hook(const Tensor& x, Hook hook, Site site) {
  if (!x.requires_grad())
    throw GraphError(
        fmt::format("register_hook: {} does not require a gradient, so the hook would never run; "
                    "register it on a tensor that does",
                    describe(x)),
        site);
  return TensorHooks::add(autograd_meta_of(x.node()).gradient_hooks, std::move(hook));
}

HookHandle add_accumulated_hook(const Tensor& leaf, Hook hook, Site site) {
  if (!leaf.requires_grad() || !leaf.is_leaf())
    throw GraphError(
        fmt::format("register_post_accumulate_grad_hook: {} is not a leaf that requires a "
                    "gradient; only those accumulate into .grad. For a computed tensor, use "
                    "register_hook",
                    describe(leaf)),
        site);
  return TensorHooks::add(autograd_meta_of(leaf.node()).accumulated_hooks, std::move(hook));
}

Tensor run_gradient_hooks(const Node& node, Tensor gradient) {
  TensorHooks::for_each(node.autograd_meta->gradient_hooks, [&](const Hook& hook) {
    Tensor changed = hook(gradient);
    if (!changed.defined()) return;
    if (changed.shape() != node.shape || changed.dtype() != node.dtype)
      throw GraphError(
          fmt::format("register_hook: a hook returned {} for a gradient of {} {}; it must keep "
                      "the shape and the dtype",
                      describe(changed), to_string(node.shape), name(node.dtype)),
          node.site);
    gradient = std::move(changed);
  });
  return gradient;
}

void run_post_accumulate_hooks(Node& node) {
  if (node.autograd_meta == nullptr || node.autograd_meta->accumulated_hooks == nullptr) return;
  if (readers_of(node.counts.load(std::memory_order_acquire)) == 0) return;  // nobody can see it
  const Tensor leaf = Tensor::share(&node);
  TensorHooks::for_each(node.autograd_meta->accumulated_hooks,
                        [&](const Hook& hook) { hook(leaf); });
}

}  // namespace detail
}  // namespace xgrad
