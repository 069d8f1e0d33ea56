#include <xgrad/nn/pooling.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "python_text.hpp"

namespace xgrad::nn {

using detail::python_text;

namespace {
const Extent& stride_of(const Extent& stride, const Extent& kernel_size) {
  return stride.given() ? stride : kernel_size;
}
}  // namespace

std::string detail::details_of(const Extent& kernel_size, const MaxPoolOptions& o) {
  return fmt::format("kernel_size={}, stride={}, padding={}, dilation={}, ceil_mode={}",
                     python_text(kernel_size), python_text(stride_of(o.stride, kernel_size)),
                     python_text(o.padding), python_text(o.dilation), python_text(o.ceil_mode));
}
std::string detail::details_of(const Extent& kernel_size, const AvgPoolOptions& o) {
  return fmt::format("kernel_size={}, stride={}, padding={}", python_text(kernel_size),
                     python_text(stride_of(o.stride, kernel_size)), python_text(o.padding));
}
std::string detail::details_of(const Extent& output_size) {
  return fmt::format("output_size={}", python_text(output_size));
}

template <class Self, Tensor (*pool)(Operand, double, const Extent&, const LpPoolOptions&)>
std::string LPPoolNd<Self, pool>::details() const {
  return fmt::format("norm_type={}, kernel_size={}, stride={}, ceil_mode={}", norm_type_,
                     python_text(kernel_size_),
                     python_text(stride_of(options_.stride, kernel_size_)),
                     python_text(options_.ceil_mode));
}
template class LPPoolNd<LPPool1d, &lp_pool1d>;
template class LPPoolNd<LPPool2d, &lp_pool2d>;
template class LPPoolNd<LPPool3d, &lp_pool3d>;

namespace {
constexpr const char* unpool_names[] = {"MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d"};
}

// Without a size: (n - 1) stride - 2 padding + kernel of each axis.
template <class Self, int axes>
Tensor MaxUnpoolNd<Self, axes>::forward(Operand x, const Tensor& indices,
                                        const Extent& output_size) const {
  const char* const name = unpool_names[axes - 1];
  const OpScope scope(name, x);
  if (output_size.given())
    return max_unpool(x, indices, output_size.along(name, "output_size", axes));
  const Shape& from = x.shape();
  if (from.dim() != axes + 1 && from.dim() != axes + 2)
    throw ShapeError(
        fmt::format("{}: {} must have {} or {} axes", name, describe(x), axes + 1, axes + 2));
  const auto kernel = kernel_size_.along(name, "kernel_size", axes),
             stride = stride_of(options_.stride, kernel_size_).along(name, "stride", axes),
             padding = options_.padding.along(name, "padding", axes);
  std::vector<std::int64_t> sizes;
  for (std::size_t i = 0; i < axes; ++i)
    sizes.push_back((from[from.dim() - axes + static_cast<int>(i)] - 1) * stride[i] -
                    2 * padding[i] + kernel[i]);
  return max_unpool(x, indices, sizes);
}
template <class Self, int axes>
std::string MaxUnpoolNd<Self, axes>::details() const {
  return fmt::format("kernel_size={}, stride={}, padding={}", python_text(kernel_size_),
                     python_text(stride_of(options_.stride, kernel_size_)),
                     python_text(options_.padding));
}
template class MaxUnpoolNd<MaxUnpool1d, 1>;
template class MaxUnpoolNd<MaxUnpool2d, 2>;
template class MaxUnpoolNd<MaxUnpool3d, 3>;

namespace detail {
template const ModuleType* module_type<MaxPool1d>();
template const ModuleType* module_type<MaxPool2d>();
template const ModuleType* module_type<MaxPool3d>();
template const ModuleType* module_type<AvgPool1d>();
template const ModuleType* module_type<AvgPool2d>();
template const ModuleType* module_type<AvgPool3d>();
template const ModuleType* module_type<AdaptiveAvgPool1d>();
template const ModuleType* module_type<AdaptiveAvgPool2d>();
template const ModuleType* module_type<AdaptiveAvgPool3d>();
template const ModuleType* module_type<AdaptiveMaxPool1d>();
template const ModuleType* module_type<AdaptiveMaxPool2d>();
template const ModuleType* module_type<AdaptiveMaxPool3d>();
template const ModuleType* module_type<LPPool1d>();
template const ModuleType* module_type<LPPool2d>();
template const ModuleType* module_type<LPPool3d>();
template const ModuleType* module_type<MaxUnpool1d>();
template const ModuleType* module_type<MaxUnpool2d>();
template const ModuleType* module_type<MaxUnpool3d>();
}  // namespace detail

}  // namespace xgrad::nn
