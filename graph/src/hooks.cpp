#include <xgrad/graph/hooks.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "extras.hpp"

namespace xgrad {

void HookHandle::remove() noexcept {
  if (number_ == 0) return;
  if (const auto list = list_.lock())
    std::erase_if(list->hooks, [this](const auto& hook) { return hook.first == number_; });
  number_ = 0;
}

namespace detail {

Extras& extras_of(Node& node) {
  if (node.extras == nullptr) node.extras = new Extras;
  return *node.extras;
}

namespace {

HookHandle add(std::shared_ptr<HookList>& list, std::function<Tensor(const Tensor&)> hook) {
  if (list == nullptr) list = std::make_shared<HookList>();
  list->hooks.emplace_back(++list->last, std::move(hook));
  return {list, list->last};
}

// A copy: hooks may remove themselves.
auto hooks_of(const std::shared_ptr<HookList>& list) {
  return list == nullptr ? decltype(list->hooks)() : list->hooks;
}

}  // namespace

HookHandle add_gradient_hook(const Tensor& x, std::function<Tensor(const Tensor&)> hook,
                             Site site) {
  if (!x.requires_grad())
    throw GraphError(fmt::format("register_hook: {} does not require a gradient, so none will pass",
                                 describe(x)),
                     site);
  return add(extras_of(x.node()).gradient_hooks, std::move(hook));
}

HookHandle add_accumulated_hook(const Tensor& leaf, std::function<Tensor(const Tensor&)> hook,
                                Site site) {
  if (!leaf.requires_grad() || !leaf.is_leaf())
    throw GraphError(
        fmt::format("register_post_accumulate_grad_hook: {} must be a leaf that requires "
                    "a gradient; others have no .grad to add to",
                    describe(leaf)),
        site);
  return add(extras_of(leaf.node()).accumulated_hooks, std::move(hook));
}

Tensor hooked(const Node& node, Tensor gradient) {
  for (const auto& [number, hook] : hooks_of(node.extras->gradient_hooks)) {
    Tensor changed = hook(gradient);
    if (!changed.defined()) continue;
    if (changed.shape() != node.shape || changed.dtype() != node.dtype)
      throw GraphError(
          fmt::format("a hook made {} of a gradient that is {} {}; it must keep shape and "
                      "dtype",
                      describe(changed), to_string(node.shape), name(node.dtype)),
          node.site);
    gradient = std::move(changed);
  }
  return gradient;
}

void tell_accumulated(Node& node) {
  if (node.extras == nullptr || node.extras->accumulated_hooks == nullptr) return;
  if (readers_of(node.counts.load(std::memory_order_acquire)) == 0) return;  // nobody can see it
  const Tensor leaf = Tensor::share(&node);
  for (const auto& [number, hook] : hooks_of(node.extras->accumulated_hooks)) hook(leaf);
}

}  // namespace detail
}  // namespace xgrad
