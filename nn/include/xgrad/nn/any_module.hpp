// any_module.hpp: AnyModule, a handle to a module of any type.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <type_traits>

#include <xgrad/graph/operand.hpp>

namespace xgrad::nn {

class Module;

namespace detail {

/// The operations that need a module's actual type.
struct ModuleType {
  std::shared_ptr<Module> (*copy)(const Module& module);
  Tensor (*call)(Module& module, const Operand& x);  // null: forward does not take one tensor
};

template <class M>
std::shared_ptr<Module> copy_as(const Module& module) {
  return std::make_shared<M>(static_cast<const M&>(module));
}

template <class M>
concept CalledWithOne = requires(M& m, Operand x) {
  { m(x) } -> std::same_as<Tensor>;
}
|| requires(M& m, const Tensor& x) {
  { m.forward(x) } -> std::same_as<Tensor>;
}
|| requires(M& m, Operand x) {
  { m.forward(x) } -> std::same_as<Tensor>;
};

template <class M>
Tensor call_as(Module& module, const Operand& x) {
  M& m = static_cast<M&>(module);
  if constexpr (requires { m(x); })
    return m(x);
  else if constexpr (requires { m.forward(x); })
    return m.forward(x);
  else
    return m.forward(x.materialize());
}

/// Instantiated by the library for its own layers, so that users' sources need not compile it.
template <class M>
const ModuleType* module_type() {
  static constexpr ModuleType type = [] {
    ModuleType t{&copy_as<M>, nullptr};
    if constexpr (CalledWithOne<M>) t.call = &call_as<M>;
    return t;
  }();
  return &type;
}

}  // namespace detail

/// A handle to a module of any type. Copies of an AnyModule share the module.
///
///     for (nn::AnyModule& layer : model.children()) x = layer(x);
///     if (auto* linear = layer.as<nn::Linear>()) nn::init::xavier_uniform_(linear->weight);
class AnyModule {
 public:
  /// Holds a copy of `module`, which shares its parameters.
  template <class M>
  requires(std::is_base_of_v<Module, M>) explicit AnyModule(const M& module)
      : AnyModule(detail::module_type<M>()->copy(module), detail::module_type<M>()) {}
  AnyModule(std::shared_ptr<Module> module, const detail::ModuleType* type)
      : module_(std::move(module)), type_(type) {}

  /// Calls the module, with its hooks if it is a Layer.
  /// @throws GraphError  unless the module takes one tensor and returns one.
  Tensor operator()(Operand x) const;
  /// The module as an M, or null if it has another type.
  template <class M>
  M* as() const noexcept {
    return dynamic_cast<M*>(module_.get());
  }
  /// The name of the module's class, such as "Linear".
  std::string type_name() const;
  /// A deep copy, with its own parameters, buffers and children. See Layer::clone.
  AnyModule clone() const;

  Module& operator*() const noexcept { return *module_; }
  Module* operator->() const noexcept { return module_.get(); }
  Module* get() const noexcept { return module_.get(); }
  const detail::ModuleType* type() const noexcept { return type_; }

 private:
  std::shared_ptr<Module> module_;
  const detail::ModuleType* type_;
};

/// A module and its name in the module that contains it, such as "encoder.0".
struct NamedModule {
  std::string name;
  AnyModule module;
};

}  // namespace xgrad::nn
