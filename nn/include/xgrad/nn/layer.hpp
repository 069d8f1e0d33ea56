// layer.hpp: Layer, the base class of modules that can be called.
#pragma once

#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/graph/operand.hpp>
#include <xgrad/nn/module.hpp>
#include <xgrad/nn/module_copies.hpp>
#include <xgrad/nn/tensors_in.hpp>

namespace xgrad::nn {

namespace detail {

/// Tensors among the further arguments become Operands with the line of the call.
template <class A>
using Sited = std::conditional_t<std::is_same_v<std::remove_cvref_t<A>, Tensor>, Operand, A&&>;
template <class A>
Sited<A> with_site(std::remove_reference_t<A>& argument, Site site) {
  if constexpr (std::is_same_v<std::remove_cvref_t<A>, Tensor>)
    return Operand(argument, site);
  else
    return static_cast<A&&>(argument);
}

template <class Self, class... A>
concept Forwards = requires(Self& self, A&&... a) {
  self.forward(std::forward<A>(a)...);
};
/// Whether forward(x, rest...) accepts x as an Operand, or as a Tensor.
template <class Self, class... Rest>
concept TakesOperand =
    Forwards<Self, const Operand&, Sited<Rest>...> || Forwards<Self, const Operand&, Rest...>;
template <class Self, class... Rest>
concept TakesTensor =
    Forwards<Self, const Tensor&, Sited<Rest>...> || Forwards<Self, const Tensor&, Rest...>;

template <class Self, class... Rest>
concept Takes = TakesOperand<Self, Rest...> || TakesTensor<Self, Rest...>;

template <class Self, class First, class... Rest>
auto forward_with(Self& self, const First& x, Site site, Rest&&... rest) {
  if constexpr (Forwards<Self, const First&, Sited<Rest>...>)
    return self.forward(x, with_site<Rest>(rest, site)...);
  else
    return self.forward(x, std::forward<Rest>(rest)...);
}
template <class Self, class... Rest>
auto call_forward(Self& self, const Operand& x, Rest&&... rest) {
  if constexpr (TakesOperand<Self, Rest...>)
    return forward_with(self, x, x.site(), std::forward<Rest>(rest)...);
  else
    return forward_with(self, x.materialize(), x.site(), std::forward<Rest>(rest)...);
}

template <class T>
std::vector<Tensor> tensors_in(T& holder) {
  std::vector<Tensor> all;
  for_each_tensor(holder, [&](Tensor& t) { all.push_back(t); });
  return all;
}
template <class T>
void put_tensors(T& holder, const std::vector<Tensor>& tensors) {
  auto next = tensors.begin();
  for_each_tensor(holder, [&](Tensor& t) { t = *next++; });
}

template <class Self, class... Rest>
auto call_with_hooks_of_all(Self& self, const Operand& x, Rest&&... rest) {
  std::tuple<Tensor, std::decay_t<Rest>...> arguments(x.materialize(), rest...);
  const std::vector<Tensor> inputs = run_pre_hooks(self, tensors_in(arguments));
  put_tensors(arguments, inputs);
  auto result = std::apply(
      [&](const Tensor& first, auto&... others) {
        return call_forward(self, Operand(first, x.site()), others...);
      },
      arguments);
  put_tensors(result, run_forward_hooks(self, inputs, tensors_in(result)));
  return result;
}

// A module that takes one tensor and returns one needs no more of its own than this.
template <class Self>
Tensor forward_as(const Module& module, const Operand& x) {
  return call_forward(const_cast<Self&>(static_cast<const Self&>(module)), x);
}
template <class Self, class... Rest>
concept MapsTensor = sizeof...(Rest) == 0 && requires(Self& self, const Operand& x) {
  { call_forward(self, x) } -> std::same_as<Tensor>;
};

template <class Self, class... Rest>
auto call_module(Self& self, const Operand& x, Rest&&... rest) {
  if (!has_forward_hooks(self)) [[likely]]
    return call_forward(self, x, std::forward<Rest>(rest)...);
  if constexpr (MapsTensor<Self, Rest...>)
    return call_with_hooks(self, x, &forward_as<Self>);
  else
    return call_with_hooks_of_all(self, x, std::forward<Rest>(rest)...);
}

}  // namespace detail

/// The base class of modules that are called as `layer(x, ...)`. A call runs `forward` and the
/// forward hooks.
///
///     struct Mlp : nn::Layer<Mlp> {
///       nn::Linear hidden = child("hidden", nn::Linear(784, 128));
///       nn::Linear output = child("output", nn::Linear(128, 10));
///       Tensor forward(const Tensor& x) { return output(relu(hidden(x))); }
///     };
///     Mlp model;
///     Tensor y = model(x);
///
/// The first parameter of `forward` is a Tensor or an Operand; further parameters can have any
/// type. With an Operand, the ops in `forward` report the line of the call. A direct call of
/// `forward` runs no hooks. An argument in braces must name its type, as in `block(x,
/// BlockOptions{.causal = true})`, unless the layer declares its own operator(), as
/// MultiheadAttention does.
template <class Self>
class Layer : public Module {
 public:
  template <class... Rest>
  auto operator()(Operand x, Rest&&... rest) const requires detail::Takes<const Self, Rest...> {
    return detail::call_module(static_cast<const Self&>(*this), x, std::forward<Rest>(rest)...);
  }
  template <class... Rest>
  auto operator()(Operand x, Rest&&... rest) requires(detail::Takes<Self, Rest...> &&
                                                      !detail::Takes<const Self, Rest...>) {
    return detail::call_module(static_cast<Self&>(*this), x, std::forward<Rest>(rest)...);
  }

  /// A deep copy, with its own parameters, buffers and children. Values, names, modes and
  /// `requires_grad` are the same; gradients and hooks are not copied. (A plain copy shares all of
  /// these with the original.)
  Self clone() const {
    const detail::ModuleCopies copies(*this);
    return Self(static_cast<const Self&>(*this));
  }

 private:
  const detail::ModuleType* type() const noexcept override { return detail::module_type<Self>(); }
};

}  // namespace xgrad::nn
