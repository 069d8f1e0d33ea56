#include <xgrad/nn/module.hpp>

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/name_pattern.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/state_reader.hpp>

#include "module_record.hpp"
#include "state_loading.hpp"

namespace xgrad::nn {

namespace {

using detail::ModuleRecord;

template <class List>
bool has(const List& list, const std::string& name) {
  return std::any_of(list.begin(), list.end(), [&](const auto& x) { return x.name == name; });
}

void check_name(const ModuleRecord& record, const std::string& name) {
  const bool taken =
      has(record.parameters, name) || has(record.buffers, name) || has(record.children, name);
  if (name.empty() || name.find('.') != std::string::npos || taken)
    throw ValueError(fmt::format(
        "Module: the name '{}' {}", name,
        taken ? "is taken; names in a module must differ" : "must not be empty or contain a dot"));
}

// Calls f(prefix, record) for a module's record and those below it.
template <class F>
void for_each_record(ModuleRecord& record, const std::string& prefix, const F& f) {
  f(prefix, record);
  for (const auto& child : record.children)
    for_each_record(ModuleRecord::of(*child.module), prefix + child.name + ".", f);
}

std::vector<NamedTensor> collected(ModuleRecord& top,
                                   std::vector<NamedTensor> ModuleRecord::*list) {
  std::vector<NamedTensor> all;
  for_each_record(top, "", [&](const std::string& prefix, const ModuleRecord& record) {
    for (const NamedTensor& x : record.*list)
      if (std::none_of(all.begin(), all.end(), [&](const NamedTensor& seen) {
            return &seen.tensor.node() == &x.tensor.node();
          }))
        all.push_back({prefix + x.name, x.tensor});
  });
  return all;
}

std::vector<NamedTensor> state_of(ModuleRecord& top) {
  std::vector<NamedTensor> all;
  for_each_record(top, "", [&](const std::string& prefix, const ModuleRecord& record) {
    for (const auto* list : {&record.parameters, &record.buffers})
      for (const NamedTensor& x : *list) all.push_back({prefix + x.name, x.tensor});
  });
  return all;
}

std::vector<Tensor> tensors_of(std::vector<NamedTensor> named) {
  std::vector<Tensor> tensors;
  for (NamedTensor& x : named) tensors.push_back(std::move(x.tensor));
  return tensors;
}

}  // namespace

Module::Module() : record_(std::make_shared<ModuleRecord>()) {}
Module::Module(const Module& other) : record_(detail::record_in_copy(other.record_)) {}

std::vector<NamedTensor> Module::named_parameters() const {
  return collected(*record_, &ModuleRecord::parameters);
}
std::vector<NamedTensor> Module::named_buffers() const {
  return collected(*record_, &ModuleRecord::buffers);
}
std::vector<Tensor> Module::parameters() const { return tensors_of(named_parameters()); }
std::vector<Tensor> Module::buffers() const { return tensors_of(named_buffers()); }

namespace {

using detail::Assignment;

// Copies sources that are written to, as where a state has two of the module's tensors swapped.
void copy_overwritten_sources(std::vector<Assignment>& assignments) {
  std::set<const void*> written;
  for (const Assignment& one : assignments) written.insert(one.to.node().storage.get());
  for (Assignment& one : assignments)
    if (written.contains(one.from.node().storage.get())) one.from = one.from.detach().clone();
}

// What needs memory comes first: all, or nothing.
void assign_all(std::vector<Assignment> assignments, Site site) {
  copy_overwritten_sources(assignments);
  using xgrad::detail::value_of;
  for (const Assignment& one : assignments) {
    one.to.node().storage->changed_at(site);
    xgrad::detail::expand_into(value_of(one.from), value_of(one.to));
  }
}

}  // namespace

StateDict Module::state_dict() const {
  StateDict state;
  for (NamedTensor& x : state_of(*record_)) state.set(std::move(x.name), x.tensor.detach());
  return state;
}

IncompatibleKeys Module::load_state_dict(const StateDict& state, Flag strict, Site site) {
  const OpScope scope("load_state_dict", site);
  xgrad::detail::StateReader reader(state);
  std::vector<Assignment> assignments;
  for (const NamedTensor& own : state_of(*record_))
    if (const Tensor from = reader.tensor(own.name, own.tensor.shape(), own.tensor.dtype());
        from.defined())
      assignments.push_back({from, own.tensor});
  reader.check_fits(detail::type_name(*this),
                    "names, shapes and dtypes must be the same, with strict = false shapes and "
                    "dtypes alone",
                    strict);
  const IncompatibleKeys keys{reader.missing(), reader.unexpected()};
  assign_all(std::move(assignments), site);
  return keys;
}

LoadReport Module::load_state_dict(const StateDict& state, const LoadStateOptions& options,
                                   Site site) {
  const OpScope scope("load_state_dict", site);
  detail::Comparison all =
      detail::compared(state_of(*record_), detail::renamed(state, options.rename));
  if (options.strict && !all.report.fits()) {
    all.report.loaded = 0;
    std::string report = to_string(all.report);
    report.pop_back();  // the end of its last line
    throw ValueError(
        fmt::format("load_state_dict: the state does not fit {}, and nothing was loaded:\n{}",
                    detail::type_name(*this), report));
  }
  assign_all(std::move(all.assignments), site);
  return all.report;
}

void Module::train(Flag on) {
  for_each_record(*record_, "",
                  [on](const std::string&, ModuleRecord& record) { record.training = on; });
}
bool Module::is_training() const noexcept { return record_->training; }

void Module::zero_grad() {
  for (Tensor& p : parameters()) p.zero_grad();
}

void Module::requires_grad_(Flag on) {
  for (Tensor& p : parameters()) p.requires_grad_(on);
}
void Module::requires_grad_(Flag on, const std::string& pattern, Site site) {
  bool any = false;
  for (NamedTensor& p : named_parameters())
    if (xgrad::detail::matches_pattern(p.name, pattern)) {
      p.tensor.requires_grad_(on);
      any = true;
    }
  if (!any)
    throw ValueError(
        fmt::format("requires_grad_: no parameter of {} matches '{}'; named_parameters() "
                    "has their names",
                    detail::type_name(*this), pattern),
        site);
}

void Module::to(DType dtype, Site site) {
  const OpScope scope("to", site);
  if (!is_floating(dtype))
    throw DTypeError(
        fmt::format("to: a module's parameters are float32 or float64, not {}", xgrad::name(dtype)),
        site);
  for (const NamedTensor& x : state_of(*record_))
    if (is_floating(x.tensor.dtype())) xgrad::detail::convert_leaf(x.tensor, dtype);
}

std::int64_t Module::multiply_adds(const std::vector<Shape>&, const std::vector<Shape>&) const {
  return 0;
}

Tensor Module::parameter(std::string name, Tensor value, Site site) {
  const OpScope scope("parameter", site);
  check_name(*record_, name);
  record_->parameters.push_back({name, value});
  try {
    value.requires_grad_();
    if (value.name().empty()) value.set_name(std::move(name));
  } catch (...) {
    record_->parameters.pop_back();
    throw;
  }
  return value;
}

Tensor Module::buffer(std::string name, Tensor value) {
  check_name(*record_, name);
  record_->buffers.push_back({std::move(name), value});
  return value;
}

void Module::add_child(std::string name, AnyModule module) {
  check_name(*record_, name);
  record_->children.push_back({std::move(name), std::move(module)});
}

}  // namespace xgrad::nn
