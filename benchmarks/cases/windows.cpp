// Ops over windows of images: convolutions, pooling, interpolation.
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "../suite.hpp"
#include "convolutions.hpp"

namespace bench {
namespace {

using xgrad::Tensor;
using V = const Tensors&;

const Input images{{64, 32, 28, 28}};

void add_convolution(Cases& to, const Convolution& c) {
  const std::size_t before = to.size();
  add(to, "windows",
      {.name = fmt::format("conv2d {}", c.name),
       .inputs = {{{c.batch, c.groups * c.in, c.side, c.side}},
                  {{c.groups * c.out, c.in, c.window, c.window}}},
       .op = [c](V v) { return conv2d(v[0], v[1], {.padding = c.padding, .groups = c.groups}); },
       .elements = 1e3,
       .tolerance = 1e-4,
       .unit = "us"});
  for (std::size_t i = before; i < to.size(); ++i) to[i].traffic = {};  // bound by arithmetic
}

}  // namespace

Cases window_cases() {
  Cases all;
  const auto op = [&](OpCase c) { add(all, "windows", c); };
  for (const Convolution& c : convolutions()) add_convolution(all, c);
  op({.name = "conv_transpose2d 16x32x14x14, 16 of 4x4, stride 2",
      .inputs = {{{16, 32, 14, 14}}, {{32, 16, 4, 4}}},
      .op = [](V v) { return conv_transpose2d(v[0], v[1], {.stride = 2, .padding = 1}); },
      .tolerance = 1e-4});
  op({.name = "max_pool2d 2",
      .inputs = {images},
      .op = [](V v) { return max_pool2d(v[0], 2); },
      .aim_forward = 5,
      .aim_both = 5,
      .reads_again = false});
  op({.name = "max_pool2d 3, stride 2, padding 1",
      .inputs = {images},
      .op = [](V v) { return max_pool2d(v[0], 3, {.stride = 2, .padding = 1}); },
      .reads_again = false});
  op({.name = "avg_pool2d 2",
      .inputs = {images},
      .op = [](V v) { return avg_pool2d(v[0], 2); },
      .aim_forward = 3,
      .aim_both = 3,
      .reads_again = false});
  op({.name = "adaptive_avg_pool2d 1",
      .inputs = {images},
      .op = [](V v) { return adaptive_avg_pool2d(v[0], 1); },
      .reads_again = false});
  op({.name = "adaptive_avg_pool2d 7",
      .inputs = {images},
      .op = [](V v) { return adaptive_avg_pool2d(v[0], 7); },
      .reads_again = false});
  op({.name = "interpolate nearest x2",
      .inputs = {images},
      .op = [](V v) { return interpolate(v[0], {.scale_factor = 2}); },
      .reads_again = false});
  op({.name = "interpolate bilinear x2",
      .inputs = {images},
      .op = [](V v) { return interpolate(v[0], {.scale_factor = 2, .mode = "bilinear"}); },
      .reads_again = false});
  op({.name = "interpolate bicubic x2",
      .inputs = {{{16, 16, 28, 28}}},
      .op = [](V v) { return interpolate(v[0], {.scale_factor = 2, .mode = "bicubic"}); },
      .reads_again = false});
  op({.name = "unfold 3, padding 1",
      .inputs = {{{16, 32, 28, 28}}},
      .op = [](V v) { return unfold(v[0], 3, {.padding = 1}); },
      .reads_again = false});
  return all;
}

}  // namespace bench
