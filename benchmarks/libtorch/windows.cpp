#include "libtorch.hpp"

namespace bench {

using V = const Tensors&;
namespace F = torch::nn::functional;

namespace {

std::function<Work(const Setup&)> convolution(int64_t padding = 0, int64_t groups = 1) {
  return work_of([=](V v) { return torch::conv2d(v[0], v[1], {}, 1, padding, 1, groups); });
}
std::function<Work(const Setup&)> adaptive_average(int64_t side) {
  return work_of([=](V v) { return torch::adaptive_avg_pool2d(v[0], {side, side}); });
}
const auto doubled = F::InterpolateFuncOptions().scale_factor(std::vector<double>{2, 2});

std::function<Work(const Setup&)> interpolation(const F::InterpolateFuncOptions& options) {
  return work_of([options](V v) { return F::interpolate(v[0], options); });
}

}  // namespace

Works window_works() {
  return {{"conv2d 64x1x28x28, 6 of 5x5", convolution()},
          {"conv2d 64x6x12x12, 16 of 5x5", convolution()},
          {"conv2d 64x1x28x28, 32 of 3x3", convolution()},
          {"conv2d 64x32x26x26, 64 of 3x3", convolution()},
          {"conv2d 8x64x56x56, 64 of 3x3", convolution(1)},
          {"conv2d 8x64x28x28, 128 of 1x1", convolution()},
          {"conv2d 64x128x7x7, 256 of 4x4", convolution()},
          {"conv2d 8x32x28x28, by channel", convolution(1, 32)},
          {"conv2d 1x2x4x4, 3 of 3x3", convolution()},
          {"conv_transpose2d 16x32x14x14, 16 of 4x4, stride 2",
           work_of([](V v) { return torch::conv_transpose2d(v[0], v[1], {}, 2, 1); })},
          {"max_pool2d 2", work_of([](V v) { return torch::max_pool2d(v[0], 2); })},
          {"max_pool2d 3, stride 2, padding 1",
           work_of([](V v) { return torch::max_pool2d(v[0], 3, 2, 1); })},
          {"avg_pool2d 2", work_of([](V v) { return torch::avg_pool2d(v[0], 2); })},
          {"adaptive_avg_pool2d 1", adaptive_average(1)},
          {"adaptive_avg_pool2d 7", adaptive_average(7)},
          {"interpolate nearest x2",
           interpolation(F::InterpolateFuncOptions(doubled).mode(torch::kNearest))},
          {"interpolate bilinear x2",
           interpolation(
               F::InterpolateFuncOptions(doubled).mode(torch::kBilinear).align_corners(false))},
          {"interpolate bicubic x2",
           interpolation(
               F::InterpolateFuncOptions(doubled).mode(torch::kBicubic).align_corners(false))},
          {"unfold 3, padding 1", work_of([](V v) {
             return torch::im2col(v[0], {3, 3}, {1, 1}, {1, 1}, {1, 1});
           })}};
}

}  // namespace bench
