// module_record.hpp: what a module has registered; copies of the module share it.
#pragma once

#include <memory>
#include <string>
#include <typeinfo>
#include <vector>

#include <xgrad/nn/module.hpp>

namespace xgrad::nn {

namespace detail {
using PreHooks = xgrad::detail::HookList<void(const Module&, std::vector<Tensor>&)>;
using ForwardHooks =
    xgrad::detail::HookList<void(const Module&, const std::vector<Tensor>&, std::vector<Tensor>&)>;
}  // namespace detail

struct detail::ModuleRecord {
  std::vector<NamedTensor> parameters;
  std::vector<NamedTensor> buffers;
  std::vector<NamedModule> children;
  std::shared_ptr<PreHooks> pre_hooks;
  std::shared_ptr<ForwardHooks> forward_hooks;
  bool training = true;

  static ModuleRecord& of(const AnyModule& module) { return *module->record_; }
  static ModuleRecord& of(const Module& module) { return *module.record_; }
};

namespace detail {
/// "Linear" for xgrad::nn::Linear.
std::string type_name(const Module& module);
std::string type_name(const std::type_info& type);
/// The record of a copy: the same one, or another while a module is cloned.
std::shared_ptr<ModuleRecord> record_in_copy(const std::shared_ptr<ModuleRecord>& record);
/// A copy of the module, of its real type.
/// @throws GraphError  naming the caller, if the type is not known.
AnyModule copied(const char* what, const AnyModule& module);
}  // namespace detail

}  // namespace xgrad::nn
