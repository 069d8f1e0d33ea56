// convolution.hpp: y = conv2d(x, w), forward and backward from given ones, by us and by libtorch;
// float32.
//
// The result is the sum of the first 100 elements of y, and of the gradients of x and w.
#pragma once

#include <cstdint>
#include <functional>

struct Work {
  std::function<void()> run;
  std::function<double()> result;
};

struct ConvCase {
  const char* name;
  std::int64_t batch, groups, in, out, side, window, stride, padding;  // channels per group
};

/// Element k of x (0), w (1) or the upstream gradient (2): evenly spread over [-1, 1), the same
/// everywhere.
inline float conv_input(int i, std::int64_t k) {
  const std::uint64_t mixed = static_cast<std::uint64_t>(k * 3 + i) * 0x9E3779B97F4A7C15ull;
  return static_cast<float>(mixed >> 40) * 0x1p-23f - 1;
}

namespace rival {
Work conv(const ConvCase& c);
}
