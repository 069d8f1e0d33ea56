#include <xgrad/nn/padding.hpp>

#include <string_view>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/padding.hpp>

#include "module_record.hpp"
#include "python_text.hpp"

namespace xgrad::nn {

Tensor detail::padded(const Module& layer, const Operand& x, const PaddingSettings& s) {
  const OpScope scope("pad", x);
  const std::string name = type_name(layer);
  const int dims = x.shape().dim();
  const bool any_before = std::string_view(s.mode) == "constant";
  if (dims < s.axes || (!any_before && dims != s.axes + 1 && dims != s.axes + 2))
    throw ShapeError(fmt::format("{}: {} must be (N, C, sizes...) or (C, sizes...) with {} {}",
                                 name, describe(x), s.axes, s.axes == 1 ? "size" : "sizes"));
  return pad(x, s.padding.along(name.c_str(), "padding", 2 * s.axes), s.mode, s.value);
}
std::string detail::details_of(const PaddingSettings& s) {
  const std::string sides = python_tuple(s.padding.along("", "", 2 * s.axes));
  return s.value == 0 ? sides : fmt::format("padding={}, value={}", sides, s.value);
}

namespace detail {
template const ModuleType* module_type<ZeroPad1d>();
template const ModuleType* module_type<ZeroPad2d>();
template const ModuleType* module_type<ZeroPad3d>();
template const ModuleType* module_type<ReflectionPad1d>();
template const ModuleType* module_type<ReflectionPad2d>();
template const ModuleType* module_type<ReflectionPad3d>();
template const ModuleType* module_type<ReplicationPad1d>();
template const ModuleType* module_type<ReplicationPad2d>();
template const ModuleType* module_type<ReplicationPad3d>();
template const ModuleType* module_type<CircularPad1d>();
template const ModuleType* module_type<CircularPad2d>();
template const ModuleType* module_type<CircularPad3d>();
template const ModuleType* module_type<ConstantPad1d>();
template const ModuleType* module_type<ConstantPad2d>();
template const ModuleType* module_type<ConstantPad3d>();
}  // namespace detail

}  // namespace xgrad::nn
