// functional_call.hpp: modules as functions of their parameters.
#pragma once

#include <utility>
#include <vector>

#include <xgrad/nn/layer.hpp>

namespace xgrad::nn {

/// What the module would give with the tensors in the place of its parameters and buffers of those
/// names; gradients flow into them. The module stays as it is.
///
///     std::vector<NamedTensor> doubled;
///     for (const auto& [name, w] : model.named_parameters()) doubled.push_back({name, 2 * w});
///     Tensor y = functional_call(model, doubled, x);
///
/// @throws ValueError  for a name that the module does not have; ShapeError, DTypeError for a
/// tensor of another shape or dtype.
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

/// The same for a module of any type, called with one tensor.
Tensor functional_call(const AnyModule& module, const std::vector<NamedTensor>& tensors, Operand x);

}  // namespace xgrad::nn
