#include <xgrad/ops/convolution.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/padding.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/conv.hpp"
#include "sizes.hpp"

namespace xgrad {
namespace {

using detail::ConvSize;
using detail::raw;
using detail::saturated_product;
using detail::saturated_sum;
using detail::Value;

// The shapes of the three operands, all with three axes.
Shape images(const ConvSize& s) {
  return {s.batch, s.groups * s.in, s.from[0], s.from[1], s.from[2]};
}
Shape results(const ConvSize& s) { return {s.batch, s.groups * s.out, s.to[0], s.to[1], s.to[2]}; }
Shape weights(const ConvSize& s) {
  return {s.groups * s.out, s.in, s.window[0], s.window[1], s.window[2]};
}

Tensor backward_data(const Operand& y, const Operand& w, const ConvSize& s);
Tensor backward_weights(const Operand& x, const Operand& y, const ConvSize& s);

// Each of the three maps is linear in both of its operands, and its gradients are the other two.

Tensor forward(const Operand& x, const Operand& w, const Operand* bias, const ConvSize& s) {
  const Tensor image = x.materialize(), weight = w.materialize();
  Value value = Value::empty(results(s), image.dtype());
  if (value.shape.numel() > 0)
    convolve(image.dtype(), s, raw<void>(image), raw<void>(weight),
             bias != nullptr ? raw<void>(bias->tensor()) : nullptr, value.data<void>());
  const auto local = [s](const Tensor& dy, Inputs in, InputGradients dx) {
    if (dx.wants(0)) dx.add(0, backward_data(dy, in[1], s));
    if (dx.wants(1)) dx.add(1, backward_weights(in[0], dy, s));
    if (dx.wants(2)) dx.add(2, sum(dy, {0, 2, 3, 4}));
  };
  const OpName op{"conv",
                  "dx = transposed convolution of dy with w, dw = convolution of x with dy"};
  const Saved saved = save_input(0) | save_input(1);
  if (bias != nullptr) return record(op, {x, w, *bias}, std::move(value), saved, local);
  return record(op, {x, w}, std::move(value), saved, local);  // there is no input 2 to want one
}

Tensor backward_data(const Operand& y, const Operand& w, const ConvSize& s) {
  const Tensor result = y.materialize(), weight = w.materialize();
  Value value = Value::empty(images(s), result.dtype());
  if (value.shape.numel() > 0)
    convolve_backward_data(result.dtype(), s, raw<void>(result), raw<void>(weight),
                           value.data<void>());
  return record({"conv_transpose", "dx = convolution of dy with w, dw = convolution of dy with x"},
                {y, w}, std::move(value), save_inputs,
                [s](const Tensor& dx, Inputs in, InputGradients to) {
                  if (to.wants(0)) to.add(0, forward(dx, in[1], nullptr, s));
                  if (to.wants(1)) to.add(1, backward_weights(dx, in[0], s));
                });
}

Tensor backward_weights(const Operand& x, const Operand& y, const ConvSize& s) {
  const Tensor image = x.materialize(), result = y.materialize();
  Value value = Value::empty(weights(s), image.dtype());
  if (value.shape.numel() > 0)
    convolve_backward_weights(image.dtype(), s, raw<void>(image), raw<void>(result),
                              value.data<void>());
  return record(
      {"conv_weight", "dx = transposed convolution of y with dw, dy = convolution of x with dw"},
      {x, y}, std::move(value), save_inputs, [s](const Tensor& dw, Inputs in, InputGradients to) {
        if (to.wants(0)) to.add(0, backward_data(in[1], dw, s));
        if (to.wants(1)) to.add(1, forward(in[0], dw, nullptr, s));
      });
}

// Everything checked that both kinds have in common.
struct Call {
  const char* op;
  int axes;
  Operand x, weight;
  std::vector<std::int64_t> stride, dilation;
  std::int64_t groups;

  Call(const char* name, int count, const Operand& images, const Operand& windows,
       const Extent& strides, const Extent& dilations, std::int64_t parts)
      : op(name),
        axes(count),
        x(images),
        weight(windows),
        stride(strides.along(op, "stride", axes)),
        dilation(dilations.along(op, "dilation", axes)),
        groups(parts) {
    if (x.shape().dim() != axes + 2 || weight.shape().dim() != axes + 2)
      refuse(fmt::format(
          "the input {} and the weight {} must have {} dims; an input without a batch has one less",
          describe(x), describe(weight), axes + 2));
    if (x.dtype() != weight.dtype() || !is_floating(x.dtype()))
      throw DTypeError(
          fmt::format("{}: the input {} and the weight {} must both be float32, or both float64",
                      op, describe(x), describe(weight)));
    if (groups < 1)
      throw ValueError(fmt::format("{}: groups is {}; it must be at least 1", op, groups));
    for (int i = 0; i < axes; ++i) {
      check_setting("stride", stride, i);
      check_setting("dilation", dilation, i);
      if (weight.shape()[2 + i] < 1)
        refuse(
            fmt::format("the weight is {}; its kernel sizes must be at least 1", describe(weight)));
    }
  }
  [[noreturn]] void refuse(const std::string& why) const {
    throw ShapeError(fmt::format("{}: {}", op, why));
  }
  void check_setting(const char* what, const std::vector<std::int64_t>& values, int i) const {
    if (values[static_cast<std::size_t>(i)] < 1)
      throw ValueError(fmt::format("{}: {} is {}; it must be at least 1", op, what,
                                   values[static_cast<std::size_t>(i)]));
  }
  void check_channels(bool fit, const char* wanted) const {
    if (!fit)
      refuse(fmt::format("the input is {}, the weight {} and groups {}; the shapes must be {}",
                         describe(x), describe(weight), groups, wanted));
  }
  void check_bias(const Tensor& bias, std::int64_t channels) const {
    if (!bias.defined()) return;
    if (bias.shape() != Shape{channels})
      refuse(fmt::format(
          "the bias is {}; it must be 1-d with one element for each of the {} output channels",
          detail::describe(bias), channels));
    if (bias.dtype() != x.dtype())
      throw DTypeError(
          fmt::format("{}: the bias is {}, the input {}; both must have the same dtype", op,
                      detail::describe(bias), describe(x)));
  }
  // How far a window reaches along an axis.
  std::int64_t reach(int i) const {
    return saturated_sum(
        saturated_product(dilation[static_cast<std::size_t>(i)], weight.shape()[2 + i] - 1), 1);
  }
  // All but the sizes of images and results along the axes.
  ConvSize size(const std::vector<std::int64_t>& padding) const {
    const Shape& w = weight.shape();
    ConvSize s{x.shape()[0], groups,    w[1],      w[0] / groups, {1, 1, 1},
               {1, 1, 1},    {1, 1, 1}, {1, 1, 1}, {0, 0, 0},     {1, 1, 1}};
    for (int i = 0; i < axes; ++i) {
      const int d = place(i);
      const auto at = static_cast<std::size_t>(i);
      s.window[d] = w[2 + i];
      s.stride[d] = stride[at];
      s.padding[d] = padding[at];
      s.dilation[d] = dilation[at];
    }
    return s;
  }
  // Where axis i is among the three.
  int place(int i) const { return 3 - axes + i; }
  Tensor with_three_axes(const Operand& t) const {
    std::vector<std::int64_t> sizes(t.shape().begin(), t.shape().end());
    sizes.insert(sizes.begin() + 2, static_cast<std::size_t>(3 - axes), 1);
    return reshape(t, sizes);
  }
  Tensor with_own_axes(const Tensor& t) const {
    std::vector<std::int64_t> sizes(t.shape().begin(), t.shape().begin() + 2);
    sizes.insert(sizes.end(), t.shape().end() - axes, t.shape().end());
    return reshape(t, sizes);
  }
};

// Zeros that keep the size; more behind than before, if they are odd.
Operand padded_to_same(const Call& c, Tensor& room, std::vector<std::int64_t>& padding) {
  std::vector<std::int64_t> uneven;
  for (int i = c.axes; i-- > 0;) {
    if (c.stride[static_cast<std::size_t>(i)] != 1)
      throw ValueError(fmt::format("{}: padding is 'same' and stride {}; 'same' requires stride 1",
                                   c.op, c.stride[static_cast<std::size_t>(i)]));
    const std::int64_t total = c.reach(i) - 1;
    padding[static_cast<std::size_t>(i)] = total / 2;
    uneven.insert(uneven.end(), {0, total % 2});
  }
  room = pad(c.x, uneven);
  return room;
}

std::vector<std::int64_t> padding_of(Call& c, const ConvOptions& o, Tensor& room) {
  std::vector<std::int64_t> padding = o.padding.along(c.op, "padding", c.axes);
  const std::string_view word = o.padding.word();
  if (word == "same")
    c.x = padded_to_same(c, room, padding);
  else if (!word.empty() && word != "valid")
    throw ValueError(
        fmt::format("{}: padding is '{}'; it must be numbers, 'same' or 'valid'", c.op, word));
  return padding;
}

// From images to results.
ConvSize forward_size(const Call& c, const std::vector<std::int64_t>& padding) {
  ConvSize s = c.size(padding);
  for (int i = 0; i < c.axes; ++i) {
    const int d = c.place(i);
    s.from[d] = c.x.shape()[2 + i];
    const std::int64_t wide = saturated_sum(s.from[d], saturated_product(2, s.padding[d]));
    if (s.padding[d] < 0)
      throw ValueError(fmt::format("{}: padding is {}; it must be at least 0", c.op, s.padding[d]));
    if (wide < c.reach(i))
      c.refuse(
          fmt::format("the kernel has size {} (with its dilation), the padded input only {}; the "
                      "kernel must fit",
                      c.reach(i), wide));
    s.to[d] = (wide - c.reach(i)) / s.stride[d] + 1;
  }
  return s;
}

// From results to images.
ConvSize transposed_size(const Call& c, const std::vector<std::int64_t>& padding,
                         const std::vector<std::int64_t>& output_padding) {
  ConvSize s = c.size(padding);
  for (int i = 0; i < c.axes; ++i) {
    const int d = c.place(i);
    const std::int64_t extra = output_padding[static_cast<std::size_t>(i)];
    s.to[d] = c.x.shape()[2 + i];
    if (extra < 0 || s.padding[d] < 0 ||
        (extra > 0 && extra >= std::max(s.stride[d], s.dilation[d])))
      throw ValueError(
          fmt::format("{}: padding is {}, output_padding {}; both must be at least 0, and "
                      "output_padding less than the stride or the dilation",
                      c.op, s.padding[d], extra));
    const std::int64_t whole = saturated_sum(
        saturated_sum(saturated_product(s.to[d] - 1, s.stride[d]), c.reach(i)), extra);
    s.from[d] = saturated_sum(whole, -saturated_product(2, s.padding[d]));
    if (s.from[d] < 1)
      c.refuse(fmt::format("dim {} of the result would have size {}; it must be at least 1", 2 + i,
                           s.from[d]));
  }
  return s;
}

Tensor conv(const char* op, int axes, Operand x, Operand weight, const ConvOptions& o) {
  const OpScope scope(op, x);
  if (x.shape().dim() == axes + 1) return squeeze(conv(op, axes, unsqueeze(x, 0), weight, o), 0);
  Call c(op, axes, x, weight, o.stride, o.dilation, o.groups);
  Tensor room;
  const std::vector<std::int64_t> padding = padding_of(c, o, room);
  const Shape &sx = c.x.shape(), &sw = weight.shape();
  c.check_channels(sw[0] % c.groups == 0 && sx[1] == sw[1] * c.groups,
                   "(N, C, ...) and (out, C / groups, ...), with out divisible by groups");
  c.check_bias(o.bias, sw[0]);
  const ConvSize size = forward_size(c, padding);
  const Operand bias(o.bias);
  return c.with_own_axes(forward(c.with_three_axes(c.x), c.with_three_axes(weight),
                                 o.bias.defined() ? &bias : nullptr, size));
}

Tensor conv_transpose(const char* op, int axes, Operand x, Operand weight,
                      const ConvTransposeOptions& o) {
  const OpScope scope(op, x);
  if (x.shape().dim() == axes + 1)
    return squeeze(conv_transpose(op, axes, unsqueeze(x, 0), weight, o), 0);
  const Call c(op, axes, x, weight, o.stride, o.dilation, o.groups);
  const auto padding = o.padding.along(op, "padding", axes),
             extra = o.output_padding.along(op, "output_padding", axes);
  const Shape &sx = x.shape(), &sw = weight.shape();
  c.check_channels(sx[1] == sw[0] && sx[1] % c.groups == 0,
                   "(N, C, ...) and (C, out / groups, ...), with C divisible by groups");
  c.check_bias(o.bias, sw[1] * c.groups);
  const ConvSize size = transposed_size(c, padding, extra);
  const Tensor y =
      c.with_own_axes(backward_data(c.with_three_axes(x), c.with_three_axes(weight), size));
  if (!o.bias.defined()) return y;
  std::vector<std::int64_t> column(static_cast<std::size_t>(axes + 2), 1);
  column[1] = o.bias.numel();
  return add(y, reshape(o.bias, column));
}

}  // namespace

Tensor conv1d(Operand x, Operand weight, const ConvOptions& o) {
  return conv("conv1d", 1, x, weight, o);
}
Tensor conv2d(Operand x, Operand weight, const ConvOptions& o) {
  return conv("conv2d", 2, x, weight, o);
}
Tensor conv3d(Operand x, Operand weight, const ConvOptions& o) {
  return conv("conv3d", 3, x, weight, o);
}
Tensor conv_transpose1d(Operand x, Operand weight, const ConvTransposeOptions& o) {
  return conv_transpose("conv_transpose1d", 1, x, weight, o);
}
Tensor conv_transpose2d(Operand x, Operand weight, const ConvTransposeOptions& o) {
  return conv_transpose("conv_transpose2d", 2, x, weight, o);
}
Tensor conv_transpose3d(Operand x, Operand weight, const ConvTransposeOptions& o) {
  return conv_transpose("conv_transpose3d", 3, x, weight, o);
}

}  // namespace xgrad
