// python_text.hpp: settings as PyTorch prints them.
#pragma once

#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/ops/per_axis.hpp>

namespace xgrad::nn::detail {

inline const char* python_text(bool value) { return value ? "True" : "False"; }

/// "(2, 3)", and "(2,)" for one.
template <class T>
std::string python_tuple(const std::vector<T>& values) {
  return values.size() == 1 ? fmt::format("({},)", values[0])
                            : fmt::format("({})", fmt::join(values, ", "));
}
/// "2" for all axes, or a tuple.
template <class T>
std::string python_text(const PerAxis<T>& values) {
  return values.values().size() == 1 ? fmt::format("{}", values.values()[0])
                                     : python_tuple(values.values());
}

}  // namespace xgrad::nn::detail
