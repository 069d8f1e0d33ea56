// module_tree.cpp: the modules below a module, and what they have by name.
#include <xgrad/nn/module.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/error.hpp>

#include "module_record.hpp"

namespace xgrad::nn {

namespace {

using detail::ModuleRecord;

std::vector<AnyModule> modules_of(std::vector<NamedModule> named) {
  std::vector<AnyModule> all;
  for (NamedModule& m : named) all.push_back(std::move(m.module));
  return all;
}

// Calls f(name, module) for those below, each once.
template <class F>
void for_each_below(const ModuleRecord& record, const std::string& prefix,
                    std::set<const ModuleRecord*>& seen, const F& f) {
  for (const NamedModule& child : record.children) {
    if (!seen.insert(&ModuleRecord::of(child.module)).second) continue;
    f(prefix + child.name, child.module);
    for_each_below(ModuleRecord::of(child.module), prefix + child.name + ".", seen, f);
  }
}

void apply_below(const ModuleRecord& record, std::set<const ModuleRecord*>& seen,
                 const std::function<void(Module&)>& f) {
  for (const NamedModule& child : record.children) {
    if (!seen.insert(&ModuleRecord::of(child.module)).second) continue;
    apply_below(ModuleRecord::of(child.module), seen, f);
    f(*child.module);
  }
}

template <class List>
auto find_named(List& list, std::string_view name) {
  return std::find_if(list.begin(), list.end(), [&](const auto& x) { return x.name == name; });
}

template <class List>
[[noreturn]] void throw_not_found(const char* what, std::string_view full, std::string_view part,
                                  const Module& module, const List& list, Site site) {
  std::vector<std::string> names;
  for (const auto& x : list) names.push_back("'" + x.name + "'");
  throw ValueError(
      fmt::format("{}: there is no '{}'{}: {} has {}", what, full,
                  part == full ? "" : fmt::format(" (no '{}')", part), detail::type_name(module),
                  names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))),
      site);
}

std::vector<std::string_view> parts_of(std::string_view name) {
  std::vector<std::string_view> parts;
  for (std::size_t dot = 0; dot != std::string_view::npos;) {
    dot = name.find('.');
    parts.push_back(name.substr(0, dot));
    if (dot != std::string_view::npos) name.remove_prefix(dot + 1);
  }
  return parts;
}

// The entry that the last part names, in a list of the module that the parts before it name.
template <class List>
const auto& entry_at(const char* what, const Module& top, std::string_view name,
                     List ModuleRecord::*list, Site site) {
  const std::vector<std::string_view> parts = parts_of(name);
  const Module* at = &top;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const auto& children = ModuleRecord::of(*at).children;
    const auto child = find_named(children, parts[i]);
    if (child == children.end()) throw_not_found(what, name, parts[i], *at, children, site);
    at = child->module.get();
  }
  const List& entries = ModuleRecord::of(*at).*list;
  const auto found = find_named(entries, parts.back());
  if (found == entries.end()) throw_not_found(what, name, parts.back(), *at, entries, site);
  return *found;
}

}  // namespace

const std::vector<NamedModule>& Module::registered() const noexcept { return record_->children; }
const std::vector<NamedTensor>& Module::registered_parameters() const noexcept {
  return record_->parameters;
}
std::vector<NamedModule> Module::named_children() const { return record_->children; }
std::vector<AnyModule> Module::children() const { return modules_of(named_children()); }

std::vector<NamedModule> Module::named_modules() const {
  // Not owned: a module that is no child is held by whoever made it.
  const std::shared_ptr<Module> self(std::shared_ptr<Module>(), const_cast<Module*>(this));
  std::vector<NamedModule> all{{"", AnyModule(self, type())}};
  std::set<const ModuleRecord*> seen{record_.get()};
  for_each_below(*record_, "", seen, [&](std::string name, const AnyModule& module) {
    all.push_back({std::move(name), module});
  });
  return all;
}
std::vector<AnyModule> Module::modules() const { return modules_of(named_modules()); }

void Module::apply(const std::function<void(Module&)>& f) {
  std::set<const ModuleRecord*> seen{record_.get()};
  apply_below(*record_, seen, f);
  f(*this);
}

Tensor Module::get_parameter(std::string_view name, Site site) const {
  return entry_at("get_parameter", *this, name, &ModuleRecord::parameters, site).tensor;
}
Tensor Module::get_buffer(std::string_view name, Site site) const {
  return entry_at("get_buffer", *this, name, &ModuleRecord::buffers, site).tensor;
}
AnyModule Module::get_submodule(std::string_view name, Site site) const {
  if (name.empty()) return named_modules().front().module;
  return entry_at("get_submodule", *this, name, &ModuleRecord::children, site).module;
}

}  // namespace xgrad::nn
