// training.hpp: whole training steps of dense networks, by us and by libtorch.
//
// mlp128: 784-128-10, ReLU, cross entropy, batch 64, steps through 64 batches of made-up digits
// (four
//         pixels in five are 0), batches made beforehand; SGD with lr 0.1, or with momentum 0.9 and
//         clip_grad_norm 1.
// deep:   ten times Linear(100, 100) and Sigmoid, batch 32, mean squared error, SGD with lr 0.1.
// Gradients are dropped, not zeroed. Weights start at values given by a formula.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

struct Work {
  std::function<void()> run;
  std::function<double()> result;  // the loss of the first step
};

struct Digits {
  static constexpr int batch = 64, batches = 64, pixels = 784;
  std::vector<float> images;         // batches x batch x pixels
  std::vector<std::int64_t> labels;  // batches x batch
};

/// The start of element k of a parameter for `fan_in` inputs: spread evenly over +-1 /
/// sqrt(fan_in).
inline float start(std::int64_t k, std::int64_t fan_in) {
  const double x = std::fmod(0.754877666 * static_cast<double>(k + 1), 1.0);
  return static_cast<float>((2 * x - 1) / std::sqrt(static_cast<double>(fan_in)));
}

/// sgd: lr 0.1. momentum: lr 0.1, 0.9, gradients clipped to norm 1. adam: lr 0.001.
enum class Method { sgd, momentum, adam };

namespace rival {
Work mlp128(const Digits& digits, Method method);
Work deep(const std::vector<float>& x, const std::vector<float>& target);
}  // namespace rival
