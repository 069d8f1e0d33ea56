// sequential.hpp: modules one after the other.
#pragma once

#include <functional>
#include <type_traits>

#include <xgrad/graph/operand.hpp>
#include <xgrad/nn/module.hpp>

namespace xgrad::nn {

/// Feeds its input through modules, each of which has `forward(x)`; they are named "0", "1", ...
///
///     nn::Sequential net(nn::Linear(2, 4), nn::Tanh(), nn::Linear(4, 1));
///     Tensor y = net(x);
class Sequential : public Module {
 public:
  template <class... M>
  requires(sizeof...(M) > 0 && (std::is_base_of_v<Module, M> && ...) &&
           !(sizeof...(M) == 1 &&
             (std::is_same_v<M, Sequential> && ...))) explicit Sequential(M... modules) {
    (append(std::move(modules)), ...);
  }
  Sequential() = default;

  template <class M>
  Sequential& append(M module) {
    add_child(std::to_string(steps_.size()), module);
    steps_.push_back([module](Operand x) mutable { return forward_through(module, x); });
    return *this;
  }
  std::size_t size() const noexcept { return steps_.size(); }

  Tensor forward(Operand x) const {
    Tensor y = x.materialize();
    for (const auto& step : steps_) y = step(Operand(y, x.site()));
    return y;
  }
  Tensor operator()(Operand x) const { return forward(x); }

 private:
  template <class M>
  static Tensor forward_through(M& module, const Operand& x) {
    if constexpr (requires { module.forward(x); })
      return module.forward(x);
    else
      return module.forward(x.tensor());
  }

  std::vector<std::function<Tensor(Operand)>> steps_;
};

}  // namespace xgrad::nn
