// hooks.hpp: functions that are called as gradients pass.
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include <xgrad/graph/hook_list.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad {

namespace detail {
HookHandle add_gradient_hook(const Tensor& x, std::function<Tensor(const Tensor&)> hook, Site site);
HookHandle add_accumulated_hook(const Tensor& leaf, std::function<Tensor(const Tensor&)> hook,
                                Site site);

template <class F>
std::function<Tensor(const Tensor&)> as_hook(F f) {
  return [f = std::move(f)](const Tensor& t) mutable -> Tensor {
    if constexpr (std::is_void_v<decltype(f(t))>) {
      f(t);
      return {};
    } else {
      return f(t);
    }
  };
}
}  // namespace detail

/// Calls hook(gradient) in each sweep, once all of the gradient with respect to x has arrived,
/// before it goes on, for leaves before it is added to `.grad`. What the hook returns takes its
/// place, unless it is undefined or the hook returns nothing. What a hook keeps to itself stays
/// from sweep to sweep. Hooks run in the order they were added, each with what the one before left.
/// With create_graph, what they compute is part of the graph.
///
/// Adding and removing hooks is not for times when another thread sweeps through x.
/// @throws GraphError  if x does not require a gradient; when a hook returns another shape or
/// dtype.
///
///     HookHandle halved = register_hook(h, [](const Tensor& g) { return g / 2; });
template <class F>
HookHandle register_hook(const Tensor& x, F hook,
                         Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::add_gradient_hook(x, detail::as_hook(std::move(hook)), site);
}

/// Calls hook(leaf) each time after a `backward` has added to the leaf's `.grad`. If it throws, so
/// does the sweep, and every `.grad` is again what it was, but for those that hooks have replaced.
/// @throws GraphError  unless x is a leaf that requires a gradient.
///
///     HookHandle seen = register_post_accumulate_grad_hook(w, [&](const Tensor&) { ++steps; });
template <class F>
HookHandle register_post_accumulate_grad_hook(const Tensor& leaf, F hook,
                                              Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::add_accumulated_hook(leaf, detail::as_hook(std::move(hook)), site);
}

}  // namespace xgrad
