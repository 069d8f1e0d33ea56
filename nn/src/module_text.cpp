// module_text.cpp: modules as text.
#include <xgrad/nn/module.hpp>

#include <cxxabi.h>

#include <cstdlib>
#include <ostream>
#include <typeinfo>

#include <fmt/format.h>

#include "module_record.hpp"

namespace xgrad::nn {

// Without namespaces and template arguments.
std::string detail::type_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> full(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  const std::string name = status == 0 ? full.get() : type.name();
  const std::string whole = name.substr(0, name.find('<'));
  const std::size_t bare = whole.rfind(':');
  return bare == std::string::npos ? whole : whole.substr(bare + 1);
}

std::string detail::type_name(const Module& module) { return type_name(typeid(module)); }

namespace {

std::string printed(const Module& module, const std::string& indent) {
  const std::string type = detail::type_name(module), details = module.details();
  const auto& children = detail::ModuleRecord::of(module).children;
  if (children.empty()) return fmt::format("{}({})", type, details);
  std::string text = type + "(";
  if (!details.empty()) text += "\n" + indent + "  " + details;
  for (const NamedModule& child : children)
    text +=
        fmt::format("\n{}  ({}): {}", indent, child.name, printed(*child.module, indent + "  "));
  return text + "\n" + indent + ")";
}

}  // namespace

std::string to_string(const Module& module) { return printed(module, ""); }
std::ostream& operator<<(std::ostream& out, const Module& module) {
  return out << to_string(module);
}

}  // namespace xgrad::nn
