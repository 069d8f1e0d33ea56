// pointwise.hpp: y = tanh(x w + b) sigmoid(x) over n elements, by us, by libtorch, and by two plain
// loops.
//
// All float32. forward: without a graph. both: forward, and backward from given ones, with the
// gradients of x, w and b; those of the call before are dropped. The result is the sum of the first
// 100 elements of y, and of the gradients of x, w and b.
#pragma once

#include <cstdint>
#include <functional>

struct Work {
  std::function<void()> run;
  std::function<double()> result;
};

/// Element k of input i: evenly spread over [-1, 1), the same everywhere.
inline float chain_input(int i, std::int64_t k) {
  const std::uint64_t mixed = static_cast<std::uint64_t>(k * 3 + i) * 0x9E3779B97F4A7C15ull;
  return static_cast<float>(mixed >> 40) * 0x1p-23f - 1;
}

namespace rival {
Work chain(std::int64_t n, bool backward);
}
/// With -march=native -ffast-math and the compiler's vector functions.
namespace plain_loop {
Work chain(std::int64_t n, bool backward);
}
