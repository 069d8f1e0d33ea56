// padding.hpp: padding as modules. See the op `pad`.
#pragma once

#include <string>
#include <utility>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/per_axis.hpp>

namespace xgrad::nn {

namespace detail {
struct PaddingSettings {
  Extent padding;
  int axes;
  const char* mode;  // as the op takes it
  double value;
};
Tensor padded(const Module& layer, const Operand& x, const PaddingSettings& settings);
std::string details_of(const PaddingSettings& settings);
}  // namespace detail

/// The base of the padding layers, which pad the last axes: one to three, as their names say.
/// `padding` is one number for all sides, or {left, right} for the last axis, followed by those for
/// the axis before it, and so on.
template <class Self>
class PaddingLayer : public Layer<Self> {
 public:
  Tensor forward(Operand x) const { return detail::padded(*this, x, settings_); }
  std::string details() const override { return detail::details_of(settings_); }

 protected:
  PaddingLayer(Extent padding, int axes, const char* mode, double value = 0)
      : settings_{std::move(padding), axes, mode, value} {}

 private:
  detail::PaddingSettings settings_;
};

/// The layers ZeroPad1d to ZeroPad3d, ReflectionPad1d to ReflectionPad3d, ReplicationPad1d to
/// ReplicationPad3d, CircularPad1d to CircularPad3d, and ConstantPad1d to ConstantPad3d. The latter
/// take the fill value as a second argument.
#define XGRAD_PADDING(name, axes, mode)                                             \
  class name : public PaddingLayer<name> {                                          \
   public:                                                                          \
    explicit name(Extent padding) : PaddingLayer(std::move(padding), axes, mode) {} \
  };
#define XGRAD_CONSTANT_PADDING(name, axes)                             \
  class name : public PaddingLayer<name> {                             \
   public:                                                             \
    name(Extent padding, double value)                                 \
        : PaddingLayer(std::move(padding), axes, "constant", value) {} \
  };
XGRAD_PADDING(ZeroPad1d, 1, "constant")
XGRAD_PADDING(ZeroPad2d, 2, "constant")
XGRAD_PADDING(ZeroPad3d, 3, "constant")
XGRAD_PADDING(ReflectionPad1d, 1, "reflect")
XGRAD_PADDING(ReflectionPad2d, 2, "reflect")
XGRAD_PADDING(ReflectionPad3d, 3, "reflect")
XGRAD_PADDING(ReplicationPad1d, 1, "replicate")
XGRAD_PADDING(ReplicationPad2d, 2, "replicate")
XGRAD_PADDING(ReplicationPad3d, 3, "replicate")
XGRAD_PADDING(CircularPad1d, 1, "circular")
XGRAD_PADDING(CircularPad2d, 2, "circular")
XGRAD_PADDING(CircularPad3d, 3, "circular")
XGRAD_CONSTANT_PADDING(ConstantPad1d, 1)
XGRAD_CONSTANT_PADDING(ConstantPad2d, 2)
XGRAD_CONSTANT_PADDING(ConstantPad3d, 3)
#undef XGRAD_PADDING
#undef XGRAD_CONSTANT_PADDING

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<ZeroPad1d>();
extern template const ModuleType* module_type<ZeroPad2d>();
extern template const ModuleType* module_type<ZeroPad3d>();
extern template const ModuleType* module_type<ReflectionPad1d>();
extern template const ModuleType* module_type<ReflectionPad2d>();
extern template const ModuleType* module_type<ReflectionPad3d>();
extern template const ModuleType* module_type<ReplicationPad1d>();
extern template const ModuleType* module_type<ReplicationPad2d>();
extern template const ModuleType* module_type<ReplicationPad3d>();
extern template const ModuleType* module_type<CircularPad1d>();
extern template const ModuleType* module_type<CircularPad2d>();
extern template const ModuleType* module_type<CircularPad3d>();
extern template const ModuleType* module_type<ConstantPad1d>();
extern template const ModuleType* module_type<ConstantPad2d>();
extern template const ModuleType* module_type<ConstantPad3d>();
}  // namespace detail

}  // namespace xgrad::nn
