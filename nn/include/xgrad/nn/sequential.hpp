// sequential.hpp: modules one after the other.
#pragma once

#include <string>
#include <type_traits>

#include <xgrad/nn/layer.hpp>

namespace xgrad::nn {

/// Calls modules one after the other, each with the result of the one before. They are named "0",
/// "1", ...
///
///     nn::Sequential net(nn::Linear(2, 4), nn::Tanh(), nn::Linear(4, 1));
///     Tensor y = net(x);
class Sequential : public Layer<Sequential> {
 public:
  template <class... M>
  requires(sizeof...(M) > 0 && (std::is_base_of_v<Module, M> && ...) &&
           !(sizeof...(M) == 1 &&
             (std::is_same_v<M, Sequential> && ...))) explicit Sequential(M... modules) {
    (append(modules), ...);
  }
  Sequential() = default;

  /// Adds a module that takes one tensor and returns one.
  template <class M>
  requires detail::CalledWithOne<M> Sequential& append(const M& module) {
    return append(AnyModule(module));
  }
  Sequential& append(AnyModule module) {
    add_child(std::to_string(size()), std::move(module));
    return *this;
  }
  std::size_t size() const noexcept { return registered().size(); }
  AnyModule operator[](std::size_t i) const { return registered().at(i).module; }

  Tensor forward(Operand x) const;
};

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<Sequential>();
}  // namespace detail

}  // namespace xgrad::nn
