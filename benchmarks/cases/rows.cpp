// Ops that see whole rows: softmax, norms, losses.
#include <xgrad/xgrad.hpp>

#include "../suite.hpp"

namespace bench {
namespace {

using xgrad::Tensor;
using V = const Tensors&;

constexpr std::int64_t rows = 4096, columns = 1024;
const Input matrix{{rows, columns}};
const Input scale{{columns}, 0.5, 1.5}, shift{{columns}};
const Input images{{64, 32, 28, 28}};
const Input channel_scale{{32}, 0.5, 1.5}, channel_shift{{32}};
const Input classes{{rows}, 0, columns, Input::Type::int64};

}  // namespace

Cases row_cases() {
  Cases all;
  const auto op = [&](OpCase c) { add(all, "rows", c); };
  op({.name = "softmax 4096x1024",
      .inputs = {matrix},
      .op = [](V v) { return softmax(v[0], 1); },
      .aim_forward = 1.5,
      .aim_both = 1.5});
  op({.name = "softmax 4096x1024, dim 0",
      .inputs = {matrix},
      .op = [](V v) { return softmax(v[0], 0); },
      .aim_forward = 1.5,
      .aim_both = 1.5});
  op({.name = "softmax 65536x16", .inputs = {{{65536, 16}}}, .op = [](V v) {
        return softmax(v[0], 1);
      }});
  op({.name = "softmax 1024x64x16, dim 1", .inputs = {{{1024, 64, 16}}}, .op = [](V v) {
        return softmax(v[0], 1);
      }});
  op({.name = "log_softmax 4096x1024",
      .inputs = {matrix},
      .op = [](V v) { return log_softmax(v[0], 1); },
      .aim_forward = 1.3,
      .aim_both = 1.3});
  op({.name = "logsumexp 4096x1024", .inputs = {matrix}, .op = [](V v) {
        return logsumexp(v[0], 1);
      }});
  op({.name = "cross_entropy 4096x1024", .inputs = {matrix, classes}, .op = [](V v) {
        return cross_entropy(v[0], v[1]);
      }});
  op({.name = "nll_loss 4096x1024",
      .inputs = {matrix, classes},
      .op = [](V v) { return nll_loss(v[0], v[1]); },
      .reads_again = false});
  op({.name = "mse_loss", .inputs = {matrix, matrix}, .op = [](V v) {
        return mse_loss(v[0], v[1]);
      }});
  op({.name = "smooth_l1_loss", .inputs = {matrix, matrix}, .op = [](V v) {
        return smooth_l1_loss(v[0], v[1]);
      }});
  op({.name = "binary_cross_entropy_with_logits",
      .inputs = {matrix, {{rows, columns}, 0, 1, Input::Type::float32, false}},
      .op = [](V v) { return binary_cross_entropy_with_logits(v[0], v[1]); }});
  op({.name = "layer_norm 4096x1024",
      .inputs = {matrix, scale, shift},
      .op = [](V v) { return layer_norm(v[0], {columns}, v[1], v[2]); },
      .aim_forward = 1.3,
      .aim_both = 1.3});
  op({.name = "layer_norm 1024x128",
      .inputs = {{{1024, 128}}, {{128}, 0.5, 1.5}, {{128}}},
      .op = [](V v) { return layer_norm(v[0], {128}, v[1], v[2]); }});
  op({.name = "rms_norm 4096x1024", .inputs = {matrix, scale}, .op = [](V v) {
        return rms_norm(v[0], {columns}, v[1]);
      }});
  op({.name = "batch_norm 64x32x28x28",
      .inputs = {images, channel_scale, channel_shift},
      .op =
          [](V v) {
            return batch_norm(v[0], {}, {}, {.weight = v[1], .bias = v[2], .training = true});
          },
      .aim_forward = 1.5,
      .aim_both = 1.5,
      .tolerance = 1e-4});
  op({.name = "group_norm 64x32x28x28, 8 groups",
      .inputs = {images, channel_scale, channel_shift},
      .op = [](V v) { return group_norm(v[0], 8, v[1], v[2]); },
      .tolerance = 1e-4});
  op({.name = "instance_norm 64x32x28x28",
      .inputs = {images, channel_scale, channel_shift},
      .op = [](V v) { return instance_norm(v[0], {.weight = v[1], .bias = v[2]}); },
      .tolerance = 1e-4});
  op({.name = "normalize 4096x1024", .inputs = {matrix}, .op = [](V v) {
        return normalize(v[0], {.dim = 1});
      }});
  return all;
}

}  // namespace bench
