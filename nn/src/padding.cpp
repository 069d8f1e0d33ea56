#include <xgrad/nn/padding.hpp>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/padding.hpp>

#include "module_record.hpp"
#include "python_text.hpp"

namespace xgrad::nn {

namespace {
constexpr const char* modes[] = {"constant", "reflect", "replicate", "circular"};
}

template <class Self, int axes, PaddingMode mode>
Tensor PadNd<Self, axes, mode>::forward(Operand x) const {
  const std::string name = detail::type_name(*this);
  const OpScope scope("pad", x);
  const int dims = x.shape().dim();
  if (dims < axes || (mode != PaddingMode::constant && dims != axes + 1 && dims != axes + 2))
    throw ShapeError(fmt::format("{}: {} must be (N, C, sizes...) or (C, sizes...) with {} {}",
                                 name, describe(x), axes, axes == 1 ? "size" : "sizes"));
  return pad(x, padding_.along(name.c_str(), "padding", 2 * axes),
             modes[static_cast<std::size_t>(mode)], value_);
}
template <class Self, int axes, PaddingMode mode>
std::string PadNd<Self, axes, mode>::details() const {
  const std::string sides = detail::python_tuple(padding_.along("", "", 2 * axes));
  return value_ == 0 ? sides : fmt::format("padding={}, value={}", sides, value_);
}

template class PadNd<ZeroPad1d, 1, PaddingMode::constant>;
template class PadNd<ZeroPad2d, 2, PaddingMode::constant>;
template class PadNd<ZeroPad3d, 3, PaddingMode::constant>;
template class PadNd<ReflectionPad1d, 1, PaddingMode::reflect>;
template class PadNd<ReflectionPad2d, 2, PaddingMode::reflect>;
template class PadNd<ReflectionPad3d, 3, PaddingMode::reflect>;
template class PadNd<ReplicationPad1d, 1, PaddingMode::replicate>;
template class PadNd<ReplicationPad2d, 2, PaddingMode::replicate>;
template class PadNd<ReplicationPad3d, 3, PaddingMode::replicate>;
template class PadNd<CircularPad1d, 1, PaddingMode::circular>;
template class PadNd<CircularPad2d, 2, PaddingMode::circular>;
template class PadNd<CircularPad3d, 3, PaddingMode::circular>;
template class PadNd<ConstantPad1d, 1, PaddingMode::constant>;
template class PadNd<ConstantPad2d, 2, PaddingMode::constant>;
template class PadNd<ConstantPad3d, 3, PaddingMode::constant>;

}  // namespace xgrad::nn
