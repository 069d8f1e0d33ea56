#include <xgrad/nn/convolution.hpp>

#include <array>
#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/nn/init.hpp>
#include <xgrad/ops/convolution.hpp>
#include <xgrad/ops/padding.hpp>

#include "python_text.hpp"

namespace xgrad::nn {

namespace {

using detail::python_text;
using detail::python_tuple;
using Sizes = std::vector<std::int64_t>;

constexpr const char* names[] = {"Conv1d", "Conv2d", "Conv3d"};
constexpr const char* transposed_names[] = {"ConvTranspose1d", "ConvTranspose2d",
                                            "ConvTranspose3d"};

void check_channels(const char* layer, std::int64_t in, std::int64_t out, std::int64_t groups) {
  if (in < 1 || out < 1 || groups < 1 || in % groups != 0 || out % groups != 0)
    throw ValueError(
        fmt::format("{}: {} to {} channels in {} groups; numbers of channels must be "
                    "positive and divisible by groups",
                    layer, in, out, groups));
}
void check_at_least(const char* layer, const char* what, const Sizes& values, std::int64_t least) {
  for (const std::int64_t v : values)
    if (v < least)
      throw ValueError(fmt::format("{}: {} is {}; it must be at least {}", layer, what,
                                   python_tuple(values), least));
}

Tensor initial_weight(std::int64_t first, std::int64_t second, const Sizes& kernel, DType dtype) {
  Sizes shape{first, second};
  shape.insert(shape.end(), kernel.begin(), kernel.end());
  return init::kaiming_uniform_(empty(Shape(shape), {.dtype = dtype}), std::sqrt(5.0));
}
Tensor initial_bias(const Tensor& weight, std::int64_t channels) {
  const double fan_in = static_cast<double>(weight.numel() / weight.size(0));
  const double bound = 1 / std::sqrt(fan_in);
  return init::uniform_(empty({channels}, {.dtype = weight.dtype()}), -bound, bound);
}

Sizes kernel_of(const Tensor& weight) {
  const auto sizes = weight.shape().begin();
  return {sizes + 2, weight.shape().end()};
}

// What "same" or numbers add at both ends of each axis, the last axis first, as `pad` takes it.
Sizes sides(const char* layer, const ConvOptions& o, const Sizes& kernel) {
  const int axes = static_cast<int>(kernel.size());
  const Sizes numbers = o.padding.along(layer, "padding", axes),
              dilation = o.dilation.along(layer, "dilation", axes);
  Sizes all;
  for (std::size_t i = kernel.size(); i-- > 0;) {
    const std::int64_t total = dilation[i] * (kernel[i] - 1);
    const bool same = o.padding.word() == "same";
    all.push_back(same ? total / 2 : numbers[i]);
    all.push_back(same ? total - total / 2 : numbers[i]);
  }
  return all;
}

template <int axes>
Tensor convolved(const Operand& x, const Tensor& weight, const xgrad::ConvOptions& o) {
  if constexpr (axes == 1) return conv1d(x, weight, o);
  if constexpr (axes == 2) return conv2d(x, weight, o);
  if constexpr (axes == 3) return conv3d(x, weight, o);
}
template <int axes>
Tensor convolved_back(const Operand& x, const Tensor& weight,
                      const xgrad::ConvTransposeOptions& o) {
  if constexpr (axes == 1) return conv_transpose1d(x, weight, o);
  if constexpr (axes == 2) return conv_transpose2d(x, weight, o);
  if constexpr (axes == 3) return conv_transpose3d(x, weight, o);
}

bool all_are(const Sizes& values, std::int64_t n) {
  for (const std::int64_t v : values)
    if (v != n) return false;
  return true;
}

}  // namespace

template <class Self, int axes>
ConvNd<Self, axes>::ConvNd(std::int64_t in_channels, std::int64_t out_channels,
                           const Extent& kernel_size, ConvOptions options, Site site)
    : options_(std::move(options)) {
  const char* const name = names[axes - 1];
  const OpScope scope(name, site);
  const Sizes kernel = kernel_size.along(name, "kernel_size", axes);
  check_channels(name, in_channels, out_channels, options_.groups);
  check_at_least(name, "kernel_size", kernel, 1);
  check_at_least(name, "stride", options_.stride.along(name, "stride", axes), 1);
  check_at_least(name, "dilation", options_.dilation.along(name, "dilation", axes), 1);
  check_at_least(name, "padding", options_.padding.along(name, "padding", axes), 0);
  const std::string& mode = options_.padding_mode;
  if (mode != "zeros" && mode != "reflect" && mode != "replicate" && mode != "circular")
    throw ValueError(
        fmt::format("{}: padding_mode is '{}'; it must be 'zeros', 'reflect', "
                    "'replicate' or 'circular'",
                    name, mode));
  weight = this->parameter(
      "weight", initial_weight(out_channels, in_channels / options_.groups, kernel, options_.dtype),
      site);
  if (options_.bias) bias = this->parameter("bias", initial_bias(weight, out_channels), site);
}

template <class Self, int axes>
Tensor ConvNd<Self, axes>::forward(Operand x) const {
  xgrad::ConvOptions o{.bias = bias,
                       .stride = options_.stride,
                       .padding = options_.padding,
                       .dilation = options_.dilation,
                       .groups = options_.groups};
  if (options_.padding_mode == "zeros") return convolved<axes>(x, weight, o);
  const char* const name = names[axes - 1];
  const OpScope scope(name, x);
  o.padding = 0;
  return convolved<axes>(pad(x, sides(name, options_, kernel_of(weight)), options_.padding_mode),
                         weight, o);
}

template <class Self, int axes>
std::string ConvNd<Self, axes>::details() const {
  const auto each = [](const Extent& e) { return e.along("", "", axes); };
  std::string text = fmt::format(
      "{}, {}, kernel_size={}, stride={}", weight.size(1) * options_.groups, weight.size(0),
      python_tuple(kernel_of(weight)), python_tuple(each(options_.stride)));
  if (!options_.padding.word().empty())
    text += fmt::format(", padding={}", options_.padding.word());
  else if (!all_are(each(options_.padding), 0))
    text += fmt::format(", padding={}", python_tuple(each(options_.padding)));
  if (!all_are(each(options_.dilation), 1))
    text += fmt::format(", dilation={}", python_tuple(each(options_.dilation)));
  if (options_.groups != 1) text += fmt::format(", groups={}", options_.groups);
  if (!options_.bias) text += ", bias=False";
  if (options_.padding_mode != "zeros")
    text += fmt::format(", padding_mode={}", options_.padding_mode);
  return text;
}

template <class Self, int axes>
std::int64_t ConvNd<Self, axes>::multiply_adds(const std::vector<Shape>&,
                                               const std::vector<Shape>& outputs) const {
  return outputs[0].numel() * (weight.numel() / weight.size(0));
}

template <class Self, int axes>
ConvTransposeNd<Self, axes>::ConvTransposeNd(std::int64_t in_channels, std::int64_t out_channels,
                                             const Extent& kernel_size,
                                             ConvTransposeOptions options, Site site)
    : options_(std::move(options)) {
  const char* const name = transposed_names[axes - 1];
  const OpScope scope(name, site);
  const Sizes kernel = kernel_size.along(name, "kernel_size", axes);
  check_channels(name, in_channels, out_channels, options_.groups);
  check_at_least(name, "kernel_size", kernel, 1);
  check_at_least(name, "stride", options_.stride.along(name, "stride", axes), 1);
  check_at_least(name, "dilation", options_.dilation.along(name, "dilation", axes), 1);
  check_at_least(name, "padding", options_.padding.along(name, "padding", axes), 0);
  check_at_least(name, "output_padding",
                 options_.output_padding.along(name, "output_padding", axes), 0);
  weight = this->parameter(
      "weight", initial_weight(in_channels, out_channels / options_.groups, kernel, options_.dtype),
      site);
  if (options_.bias) bias = this->parameter("bias", initial_bias(weight, out_channels), site);
}

namespace {

// The output padding that gives the sizes asked for.
Sizes output_padding_for(const char* layer, const Shape& x, const Tensor& weight,
                         const ConvTransposeOptions& o, const Extent& output_size) {
  const Sizes kernel = kernel_of(weight);
  const int axes = static_cast<int>(kernel.size());
  if (x.dim() != axes + 1 && x.dim() != axes + 2)
    throw ShapeError(fmt::format("{}: the input has shape {}; it must have {} or {} axes", layer,
                                 to_string(x), axes + 1, axes + 2));
  const Sizes wanted = output_size.along(layer, "output_size", axes),
              stride = o.stride.along(layer, "stride", axes),
              padding = o.padding.along(layer, "padding", axes),
              dilation = o.dilation.along(layer, "dilation", axes);
  Sizes added;
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    const std::int64_t from = x[x.dim() - axes + static_cast<int>(i)];
    const std::int64_t least =
        (from - 1) * stride[i] - 2 * padding[i] + dilation[i] * (kernel[i] - 1) + 1;
    if (wanted[i] < least || wanted[i] >= least + stride[i])
      throw ShapeError(
          fmt::format("{}: output_size {} of axis {} is out of range; strides reach {} "
                      "to {}",
                      layer, wanted[i], i, least, least + stride[i] - 1));
    added.push_back(wanted[i] - least);
  }
  return added;
}

}  // namespace

template <class Self, int axes>
Tensor ConvTransposeNd<Self, axes>::forward(Operand x, const Extent& output_size) const {
  xgrad::ConvTransposeOptions o{.bias = bias,
                                .stride = options_.stride,
                                .padding = options_.padding,
                                .output_padding = options_.output_padding,
                                .groups = options_.groups,
                                .dilation = options_.dilation};
  if (!output_size.given()) return convolved_back<axes>(x, weight, o);
  const OpScope scope(transposed_names[axes - 1], x);
  o.output_padding =
      output_padding_for(transposed_names[axes - 1], x.shape(), weight, options_, output_size);
  return convolved_back<axes>(x, weight, o);
}

template <class Self, int axes>
std::string ConvTransposeNd<Self, axes>::details() const {
  const auto each = [](const Extent& e) { return e.along("", "", axes); };
  std::string text = fmt::format("{}, {}, kernel_size={}, stride={}", weight.size(0),
                                 weight.size(1) * options_.groups, python_tuple(kernel_of(weight)),
                                 python_tuple(each(options_.stride)));
  if (!all_are(each(options_.padding), 0))
    text += fmt::format(", padding={}", python_tuple(each(options_.padding)));
  if (!all_are(each(options_.dilation), 1))
    text += fmt::format(", dilation={}", python_tuple(each(options_.dilation)));
  if (!all_are(each(options_.output_padding), 0))
    text += fmt::format(", output_padding={}", python_tuple(each(options_.output_padding)));
  if (options_.groups != 1) text += fmt::format(", groups={}", options_.groups);
  if (!options_.bias) text += ", bias=False";
  return text;
}

template <class Self, int axes>
std::int64_t ConvTransposeNd<Self, axes>::multiply_adds(const std::vector<Shape>& inputs,
                                                        const std::vector<Shape>&) const {
  return inputs[0].numel() * (weight.numel() / weight.size(0));
}

template class ConvNd<Conv1d, 1>;
template class ConvNd<Conv2d, 2>;
template class ConvNd<Conv3d, 3>;
template class ConvTransposeNd<ConvTranspose1d, 1>;
template class ConvTransposeNd<ConvTranspose2d, 2>;
template class ConvTransposeNd<ConvTranspose3d, 3>;

namespace detail {
template const ModuleType* module_type<Conv1d>();
template const ModuleType* module_type<Conv2d>();
template const ModuleType* module_type<Conv3d>();
template const ModuleType* module_type<ConvTranspose1d>();
template const ModuleType* module_type<ConvTranspose2d>();
template const ModuleType* module_type<ConvTranspose3d>();
}  // namespace detail

}  // namespace xgrad::nn
