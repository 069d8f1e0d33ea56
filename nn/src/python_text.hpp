// python_text.hpp: settings as PyTorch prints them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <xgrad/ops/per_axis.hpp>

namespace xgrad::nn::detail {

inline const char* python_text(bool value) { return value ? "True" : "False"; }

/// "(2, 3)", and "(2,)" for one.
std::string python_tuple(const std::vector<std::int64_t>& values);
/// The number for all axes, as "2", or a tuple.
std::string python_text(const Extent& values);
std::string python_text(const PerAxis<double>& values);

}  // namespace xgrad::nn::detail
