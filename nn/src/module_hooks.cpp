// module_hooks.cpp: hooks around the forward of a module.
#include <xgrad/nn/module.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "module_record.hpp"

namespace xgrad::nn {
namespace {

void check_called(const char* what, const Module& module, const detail::ModuleType* type,
                  Site site) {
  if (type == nullptr)
    throw GraphError(
        fmt::format("{}: {} is not a Layer, so that a call of it runs no hooks; derive it "
                    "from nn::Layer<{}>",
                    what, detail::type_name(module), detail::type_name(module)),
        site);
}

void check_count(const char* what, const std::vector<Tensor>& tensors, std::size_t expected) {
  if (tensors.size() != expected)
    throw GraphError(fmt::format("{}: the hook left {} tensors of {}; it must keep their number",
                                 what, tensors.size(), expected));
}

}  // namespace

HookHandle Module::register_forward_pre_hook(ForwardPreHook hook, Site site) {
  check_called("register_forward_pre_hook", *this, type(), site);
  return detail::PreHooks::add(record_->pre_hooks, std::move(hook));
}
HookHandle Module::register_forward_hook(ForwardHook hook, Site site) {
  check_called("register_forward_hook", *this, type(), site);
  return detail::ForwardHooks::add(record_->forward_hooks, std::move(hook));
}

bool detail::has_forward_hooks(const Module& module) noexcept {
  const ModuleRecord& record = ModuleRecord::of(module);
  return (record.pre_hooks != nullptr && !record.pre_hooks->empty()) ||
         (record.forward_hooks != nullptr && !record.forward_hooks->empty());
}

std::vector<Tensor> detail::run_pre_hooks(const Module& module, std::vector<Tensor> inputs) {
  const std::size_t count = inputs.size();
  PreHooks::for_each(ModuleRecord::of(module).pre_hooks, [&](const ForwardPreHook& hook) {
    hook(module, inputs);
    check_count("register_forward_pre_hook", inputs, count);
  });
  return inputs;
}
std::vector<Tensor> detail::run_forward_hooks(const Module& module,
                                              const std::vector<Tensor>& inputs,
                                              std::vector<Tensor> outputs) {
  const std::size_t count = outputs.size();
  ForwardHooks::for_each(ModuleRecord::of(module).forward_hooks, [&](const ForwardHook& hook) {
    hook(module, inputs, outputs);
    check_count("register_forward_hook", outputs, count);
  });
  return outputs;
}

Tensor detail::call_with_hooks(const Module& module, const Operand& x,
                               Tensor (*forward)(const Module& module, const Operand& x)) {
  const std::vector<Tensor> inputs = run_pre_hooks(module, {x.materialize()});
  return run_forward_hooks(module, inputs, {forward(module, Operand(inputs[0], x.site()))})[0];
}

}  // namespace xgrad::nn
