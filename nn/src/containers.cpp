#include <xgrad/nn/containers.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::nn {

void detail::check_position(const char* list, std::size_t i, std::size_t size, Site site) {
  if (i >= size)
    throw ValueError(fmt::format("{}: position {} is out of range; the size is {}", list, i, size),
                     site);
}

bool ModuleDict::contains(const std::string& name) const {
  return std::any_of(begin(), end(), [&](const NamedModule& m) { return m.name == name; });
}

ParameterList& ParameterList::append(Tensor value, Site site) {
  parameter(std::to_string(size()), std::move(value), site);
  return *this;
}

}  // namespace xgrad::nn
