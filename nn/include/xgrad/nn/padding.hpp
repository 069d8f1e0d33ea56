// padding.hpp: padding as modules. See the op `pad`.
#pragma once

#include <string>
#include <utility>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/per_axis.hpp>

namespace xgrad::nn {

enum class PaddingMode { constant, reflect, replicate, circular };

/// The base of the padding layers, which pad the last `axes` axes. `padding` is one number for all
/// sides, or {left, right} for the last axis, followed by those for the axis before it, and so on.
template <class Self, int axes, PaddingMode mode>
class PadNd : public Layer<Self> {
 public:
  explicit PadNd(Extent padding) : padding_(std::move(padding)) {}
  Tensor forward(Operand x) const;
  std::string details() const override;

 protected:
  struct Value {
    double value;
  };
  PadNd(Extent padding, Value fill) : padding_(std::move(padding)), value_(fill.value) {}

 private:
  Extent padding_;
  double value_ = 0;
};

/// The layers ZeroPad1d to ZeroPad3d, ReflectionPad1d to ReflectionPad3d, ReplicationPad1d to
/// ReplicationPad3d, CircularPad1d to CircularPad3d, and ConstantPad1d to ConstantPad3d. The latter
/// take the fill value as a second argument.
#define XGRAD_PADDING(name, axes, mode)                      \
  class name : public PadNd<name, axes, PaddingMode::mode> { \
    using PadNd::PadNd;                                      \
  };                                                         \
  extern template class PadNd<name, axes, PaddingMode::mode>;
#define XGRAD_CONSTANT_PADDING(name, axes)                                          \
  class name : public PadNd<name, axes, PaddingMode::constant> {                    \
   public:                                                                          \
    name(Extent padding, double value) : PadNd(std::move(padding), Value{value}) {} \
  };                                                                                \
  extern template class PadNd<name, axes, PaddingMode::constant>;
XGRAD_PADDING(ZeroPad1d, 1, constant)
XGRAD_PADDING(ZeroPad2d, 2, constant)
XGRAD_PADDING(ZeroPad3d, 3, constant)
XGRAD_PADDING(ReflectionPad1d, 1, reflect)
XGRAD_PADDING(ReflectionPad2d, 2, reflect)
XGRAD_PADDING(ReflectionPad3d, 3, reflect)
XGRAD_PADDING(ReplicationPad1d, 1, replicate)
XGRAD_PADDING(ReplicationPad2d, 2, replicate)
XGRAD_PADDING(ReplicationPad3d, 3, replicate)
XGRAD_PADDING(CircularPad1d, 1, circular)
XGRAD_PADDING(CircularPad2d, 2, circular)
XGRAD_PADDING(CircularPad3d, 3, circular)
XGRAD_CONSTANT_PADDING(ConstantPad1d, 1)
XGRAD_CONSTANT_PADDING(ConstantPad2d, 2)
XGRAD_CONSTANT_PADDING(ConstantPad3d, 3)
#undef XGRAD_PADDING
#undef XGRAD_CONSTANT_PADDING

}  // namespace xgrad::nn
