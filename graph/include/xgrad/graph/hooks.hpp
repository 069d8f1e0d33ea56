// hooks.hpp: functions that a sweep calls with gradients.
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

/// Registers a hook that every sweep calls with the complete gradient with respect to x, before the
/// gradient is propagated and, if x is a leaf, before it is added to `.grad`.
///
/// If the hook returns a defined tensor, it replaces the gradient. The hook may also return void.
/// Hooks run in the order in which they were registered, and each gets the gradient that the
/// previous one left. A hook object is called again in the next sweep, so its state persists. With
/// create_graph, the ops of hooks are part of the graph.
///
/// Do not register or remove hooks of x while another thread sweeps through x.
/// @throws GraphError  if x does not require a gradient; in the sweep, if a hook returns another
///                     shape or dtype.
///
///     HookHandle halved = register_hook(h, [](const Tensor& g) { return g / 2; });
template <class F>
HookHandle register_hook(const Tensor& x, F hook,
                         Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::add_gradient_hook(x, detail::as_hook(std::move(hook)), site);
}

template <class F>
HookHandle Tensor::register_hook(F hook, Site site) const {
  return xgrad::register_hook(*this, std::move(hook), site);
}

/// Registers a hook that `backward` calls with the leaf after it has added to the leaf's `.grad`.
/// If the hook throws, `backward` rethrows, and every `.grad` is restored, unless a hook replaced
/// it.
/// @throws GraphError  unless `leaf` is a leaf that requires a gradient.
///
///     HookHandle seen = register_post_accumulate_grad_hook(w, [&](const Tensor&) { ++steps; });
template <class F>
HookHandle register_post_accumulate_grad_hook(const Tensor& leaf, F hook,
                                              Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::add_accumulated_hook(leaf, detail::as_hook(std::move(hook)), site);
}

}  // namespace xgrad
