// functional_call.hpp: functional_call, which calls a module as a function of its parameters.
#pragma once

#include <utility>
#include <vector>

#include <xgrad/nn/layer.hpp>

namespace xgrad::nn {

/// Calls a module with other tensors in place of the parameters and buffers of the same names.
/// Gradients flow to these tensors. The module does not change.
///
///     std::vector<NamedTensor> doubled;
///     for (const auto& [name, w] : model.named_parameters()) doubled.push_back({name, 2 * w});
///     Tensor y = functional_call(model, doubled, x);
///
/// @throws ValueError  if the module has no parameter or buffer of a name; ShapeError, DTypeError
///                     if a tensor has another shape or dtype.
template <class M, class... Args>
auto functional_call(const M& module, const std::vector<NamedTensor>& tensors, Operand x,
                     Args&&... args) {
  auto copy = [&] {
    const detail::ModuleCopies copies(module, tensors, x.site());
    return M(module);
  }();
  if constexpr (requires { copy(x, std::forward<Args>(args)...); })
    return copy(x, std::forward<Args>(args)...);
  else
    return detail::call_forward(copy, x, std::forward<Args>(args)...);
}

/// functional_call for a module of any type, which is called with one tensor.
Tensor functional_call(const AnyModule& module, const std::vector<NamedTensor>& tensors, Operand x);

}  // namespace xgrad::nn
