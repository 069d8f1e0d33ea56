#include "kernels/conv_parts.hpp"

#include <algorithm>
#include <atomic>

#include <xgrad/graph/parallel.hpp>

#include "kernels/workspace.hpp"

namespace xgrad::detail {
namespace {

// Calls part(i) for each of several on threads of our own; whether all succeeded.
template <class F>
bool run_parts(std::int64_t parts, F part) {
  std::atomic<bool> good = true;
  parallel_chunks(parts, [&](std::int64_t i) {
    if (!part(i)) good = false;
  });
  return good;
}

double work_of(const ConvSize& s) {
  return static_cast<double>(s.batch * s.groups * s.in * s.out) *
         static_cast<double>(s.to_numel() * s.window_numel());
}
constexpr double work_of_a_part = 1 << 22;  // multiply-adds

// How many images a part of a batch has, by size alone: numbers that fill lanes, where there are
// enough.
std::int64_t images_of_a_part(const ConvSize& s, std::int64_t least) {
  constexpr std::int64_t most_parts = 16, lane = 16;
  const auto parts = std::clamp<std::int64_t>(
      static_cast<std::int64_t>(work_of(s) / work_of_a_part), 1, most_parts);
  const std::int64_t images = std::max({std::int64_t{1}, least, (s.batch + parts - 1) / parts});
  return images < lane ? images : images / lane * lane;
}
std::int64_t begin_of(std::int64_t part, std::int64_t parts, std::int64_t size) {
  return part * size / parts;
}

bool run_images(ConvPart part_of, std::int64_t least_images, const ConvSize& size, ConvMap map,
                const float* a, const float* b, const float* bias, float* y) {
  const std::int64_t images = images_of_a_part(size, least_images);
  const std::int64_t image = size.groups * size.in * size.from_numel(),
                     result = size.groups * size.out * size.to_numel();
  const bool forward = map == ConvMap::forward;
  return run_parts((size.batch + images - 1) / images, [&](std::int64_t part) {
    const std::int64_t begin = part * images;
    ConvSize own = size;
    own.batch = std::min(images, size.batch - begin);
    return part_of(own, map, size.groups * size.out, a + begin * (forward ? image : result), b,
                   bias, y + begin * (forward ? result : image));
  });
}

// A weight's gradient is cut by its channels, where parts have nothing to add up, and by images,
// whose sums are added. The more a sum has to add to each weight, the less its memory matters.
struct WeightCut {
  std::int64_t channels, images;
};
WeightCut cut_of(const ConvSize& s) {
  constexpr std::int64_t channels_of_a_part = 64, terms_of_a_part = 2048;
  const auto most = static_cast<std::int64_t>(std::min(16.0, work_of(s) / work_of_a_part));
  WeightCut cut{1, 1};
  if (most <= 1) return cut;
  if (s.groups == 1) cut.channels = std::clamp<std::int64_t>(s.out / channels_of_a_part, 1, most);
  cut.images = std::clamp<std::int64_t>(s.batch * s.to_numel() / terms_of_a_part, 1,
                                        std::min(s.batch, most / cut.channels));
  return cut;
}

void add_sums(const float* sums, std::int64_t parts, std::int64_t count, float* y) {
  parallel_ranges(count, parallel_grain, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = 0; part < parts; ++part)
      for (std::int64_t i = begin; i < end; ++i) y[i] += sums[part * count + i];
  });
}

bool run_weight(ConvPart part_of, const ConvSize& size, const float* x, const float* y, float* w) {
  const WeightCut cut = cut_of(size);
  const std::int64_t image = size.groups * size.in * size.from_numel(), to = size.to_numel(),
                     channels = size.groups * size.out,
                     weight = channels * size.in * size.window_numel();
  const Workspace<float> sums((cut.images - 1) * weight);  // the first part's are the result's
  const bool good = run_parts(cut.images * cut.channels, [&](std::int64_t part) {
    const std::int64_t i = part / cut.channels, c = part % cut.channels,
                       begin = begin_of(i, cut.images, size.batch),
                       first = begin_of(c, cut.channels, size.out);
    ConvSize own = size;
    own.batch = begin_of(i + 1, cut.images, size.batch) - begin;
    own.out = begin_of(c + 1, cut.channels, size.out) - first;
    float* const sum = i == 0 ? w : sums.data() + (i - 1) * weight;
    return part_of(own, ConvMap::backward_weights, channels, x + begin * image,
                   y + (begin * channels + first) * to, nullptr,
                   sum + first * size.in * size.window_numel());
  });
  if (good) add_sums(sums.data(), cut.images - 1, weight, w);
  return good;
}

// One image: the channels of its result, which are apart in memory, as are their weights.
bool run_channels(ConvPart part_of, const ConvSize& size, const float* x, const float* w,
                  const float* bias, float* y) {
  constexpr std::int64_t channels_of_a_part = 32;
  const std::int64_t parts = std::clamp<std::int64_t>(
      size.out / channels_of_a_part, 1,
      std::max<std::int64_t>(1, static_cast<std::int64_t>(work_of(size) / work_of_a_part)));
  return run_parts(parts, [&](std::int64_t part) {
    const std::int64_t first = begin_of(part, parts, size.out);
    ConvSize own = size;
    own.out = begin_of(part + 1, parts, size.out) - first;
    return part_of(own, ConvMap::forward, own.out, x, w + first * size.in * size.window_numel(),
                   bias == nullptr ? nullptr : bias + first, y + first * size.to_numel());
  });
}

}  // namespace

bool convolve_in_parts(ConvPart part, std::int64_t least_images, const ConvSize& size, ConvMap map,
                       const float* a, const float* b, const float* bias, float* y) {
  const bool forward = map == ConvMap::forward;
  if (map == ConvMap::backward_weights) return run_weight(part, size, a, b, y);
  if (forward && size.batch == 1 && size.groups == 1)
    return run_channels(part, size, a, b, bias, y);
  return run_images(part, least_images, size, map, a, b, forward ? bias : nullptr, y);
}

}  // namespace xgrad::detail
