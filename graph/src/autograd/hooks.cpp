#include <xgrad/graph/hooks.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

#include "tensor/autograd_meta.hpp"

namespace xgrad {

namespace detail {
namespace {

// The first hook behind a number.
auto after(HookList& list, std::uint64_t number) {
  return std::upper_bound(list.hooks.begin(), list.hooks.end(), number,
                          [](std::uint64_t n, const auto& hook) { return n < hook.first; });
}

}  // namespace
}  // namespace detail

// The hook dies last, when the list is in order again: it may own this handle.
void HookHandle::remove() noexcept {
  const std::uint64_t number = std::exchange(number_, 0);
  const auto list = number == 0 ? nullptr : list_.lock();
  if (list == nullptr) return;
  const auto at = detail::after(*list, number - 1);
  if (at == list->hooks.end() || at->first != number) return;
  const std::shared_ptr<detail::Hook> hook = std::move(at->second);
  list->hooks.erase(at);
}

namespace detail {

AutogradMeta& autograd_meta_of(Node& node) {
  if (node.autograd_meta == nullptr) node.autograd_meta = new AutogradMeta;
  return *node.autograd_meta;
}

namespace {

HookHandle add(std::shared_ptr<HookList>& list, Hook hook) {
  if (list == nullptr) list = std::make_shared<HookList>();
  list->hooks.emplace_back(list->last + 1, std::make_shared<Hook>(std::move(hook)));
  return {list, ++list->last};
}

// Calls f(hook) for those that are there now; one that is removed meanwhile is passed over.
template <class F>
void for_each_hook(std::shared_ptr<HookList> list, F&& f) {
  if (list == nullptr) return;
  const OpScopeGuard users_own;
  const std::uint64_t last = list->last;
  for (auto at = list->hooks.begin(); at != list->hooks.end() && at->first <= last;) {
    const auto [number, hook] = *at;
    f(*hook);
    at = after(*list, number);
  }
}

}  // namespace

HookHandle add_gradient_hook(const Tensor& x, Hook hook, Site site) {
  if (!x.requires_grad())
    throw GraphError(fmt::format("register_hook: {} does not require a gradient, so none will pass",
                                 describe(x)),
                     site);
  return add(autograd_meta_of(x.node()).gradient_hooks, std::move(hook));
}

HookHandle add_accumulated_hook(const Tensor& leaf, Hook hook, Site site) {
  if (!leaf.requires_grad() || !leaf.is_leaf())
    throw GraphError(
        fmt::format("register_post_accumulate_grad_hook: {} must be a leaf that requires "
                    "a gradient; others have no .grad to add to",
                    describe(leaf)),
        site);
  return add(autograd_meta_of(leaf.node()).accumulated_hooks, std::move(hook));
}

Tensor run_gradient_hooks(const Node& node, Tensor gradient) {
  for_each_hook(node.autograd_meta->gradient_hooks, [&](const Hook& hook) {
    Tensor changed = hook(gradient);
    if (!changed.defined()) return;
    if (changed.shape() != node.shape || changed.dtype() != node.dtype)
      throw GraphError(
          fmt::format("a hook made {} of a gradient that is {} {}; it must keep shape and "
                      "dtype",
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
  for_each_hook(node.autograd_meta->accumulated_hooks, [&](const Hook& hook) { hook(leaf); });
}

}  // namespace detail
}  // namespace xgrad
