#include <xgrad/nn/module_copies.hpp>

#include <map>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/substitution.hpp>

#include "module_record.hpp"

namespace xgrad::nn::detail {

using Records = std::map<const ModuleRecord*, std::shared_ptr<ModuleRecord>>;

struct ModuleCopies::State {
  State(const Module& module, std::vector<std::pair<Tensor, Tensor>> tensors);
  ~State();

  Records records;
  Substitution substitution;
  const State* before;
};

namespace {

thread_local constinit const ModuleCopies::State* copying = nullptr;

std::vector<std::pair<Tensor, Tensor>> clones_in(const ModuleRecord& record) {
  std::vector<std::pair<Tensor, Tensor>> clones;
  for (const auto* list : {&record.parameters, &record.buffers})
    for (const auto& [name, tensor] : *list) {
      Tensor clone = tensor.detach().clone();
      clone.node().site = tensor.site();
      if (tensor.requires_grad()) clone.requires_grad_();
      if (!tensor.name().empty()) clone.set_name(tensor.name());
      clones.emplace_back(tensor, std::move(clone));
    }
  return clones;
}

std::vector<std::pair<Tensor, Tensor>> clones_below(const Module& module) {
  std::vector<std::pair<Tensor, Tensor>> all;
  for (const AnyModule& m : module.modules())
    for (auto& pair : clones_in(ModuleRecord::of(m))) all.push_back(std::move(pair));
  return all;
}

Tensor named(const Module& module, const std::string& name, Site site) {
  for (const auto& list : {module.named_parameters(), module.named_buffers()})
    for (const NamedTensor& x : list)
      if (x.name == name) return x.tensor;
  throw ValueError(fmt::format("functional_call: {} has no parameter or buffer '{}'; "
                               "named_parameters() has the names",
                               detail::type_name(module), name),
                   site);
}

std::vector<std::pair<Tensor, Tensor>> in_place_of(const Module& module,
                                                   const std::vector<NamedTensor>& replaced,
                                                   Site site) {
  std::vector<std::pair<Tensor, Tensor>> pairs;
  for (const auto& [name, tensor] : replaced) {
    Tensor own = named(module, name, site);
    if (!tensor.defined() || tensor.shape() != own.shape() || tensor.dtype() != own.dtype())
      throw ShapeError(
          fmt::format(
              "functional_call: '{}' is {}; the tensor in its place must have the same shape "
              "and dtype, not {}",
              name, xgrad::detail::describe(own),
              tensor.defined() ? xgrad::detail::describe(tensor) : "undefined"),
          site);
    pairs.emplace_back(std::move(own), tensor);
  }
  return pairs;
}

}  // namespace

// The copies of all records are there before the first module is copied into one of them.
ModuleCopies::State::State(const Module& module, std::vector<std::pair<Tensor, Tensor>> tensors)
    : records([&] {
        Records all;
        for (const AnyModule& m : module.modules())
          all[&ModuleRecord::of(m)] = std::make_shared<ModuleRecord>();
        return all;
      }()),
      substitution(std::move(tensors)),
      before(std::exchange(copying, this)) {
  for (auto& [from, to] : records) {
    to->parameters = from->parameters;
    to->buffers = from->buffers;
    to->training = from->training;
    for (const auto& [name, child] : from->children)
      to->children.push_back({name, AnyModule(child.type()->copy(*child), child.type())});
  }
}
ModuleCopies::State::~State() { copying = before; }

ModuleCopies::ModuleCopies(const Module& module)
    : state_(std::make_unique<State>(module, clones_below(module))) {}
ModuleCopies::ModuleCopies(const Module& module, const std::vector<NamedTensor>& replaced,
                           Site site)
    : state_(std::make_unique<State>(module, in_place_of(module, replaced, site))) {}
ModuleCopies::~ModuleCopies() = default;

std::shared_ptr<ModuleRecord> record_in_copy(const std::shared_ptr<ModuleRecord>& record) {
  if (copying == nullptr) return record;
  const auto at = copying->records.find(record.get());
  return at == copying->records.end() ? record : at->second;
}

AnyModule copied(const char* what, const AnyModule& module) {
  if (module.type() == nullptr)
    throw GraphError(fmt::format("{}: {} is not a Layer; derive it from nn::Layer<{}>", what,
                                 module.type_name(), module.type_name()));
  return {module.type()->copy(*module), module.type()};
}

}  // namespace xgrad::nn::detail
