#include "kernels/conv_direct.hpp"

#include <algorithm>
#include <numeric>

#include <xgrad/graph/saturated.hpp>

#include "kernels/few_channels.hpp"
#include "kernels/places_product.hpp"
#include "kernels/transpose.hpp"
#include "kernels/workspace.hpp"

namespace xgrad::detail {
namespace {

// An image with room around it, as windows move over it.
struct Padded {
  std::int64_t size[3], plane;

  explicit Padded(const ConvSize& s) {
    for (int i = 0; i < 3; ++i) size[i] = s.from[i] + 2 * s.padding[i];
    plane = size[0] * size[1] * size[2];
  }
  std::int64_t at(std::int64_t z, std::int64_t y, std::int64_t x) const {
    return (z * size[1] + y) * size[2] + x;
  }
  bool is_image(const ConvSize& s) const { return plane == s.from_numel(); }

  // `channels` planes of an image; the room was filled with zeros before.
  void copy(const ConvSize& s, std::int64_t channels, const float* from, float* to) const {
    for (std::int64_t c = 0; c < channels; ++c, to += plane)
      for (std::int64_t z = 0; z < s.from[0]; ++z)
        for (std::int64_t y = 0; y < s.from[1]; ++y, from += s.from[2])
          std::copy_n(from, s.from[2], to + at(z + s.padding[0], y + s.padding[1], s.padding[2]));
  }
};

// A list of places, in memory that costs nothing to have again.
struct PlaceList {
  const std::int64_t count;
  const Workspace<std::int64_t> memory;

  explicit PlaceList(std::int64_t n) : count(n), memory(n) {}
  std::int64_t* data() const { return memory.data(); }
};

// Where windows lie, and where their elements do from the first one on.
struct Places {
  const Padded padded;
  const PlaceList windows, elements;

  explicit Places(const ConvSize& s)
      : padded(s), windows(s.to_numel()), elements(s.in * s.window_numel()) {
    fill(s.to, s.stride, 0, windows.data());
    for (std::int64_t c = 0; c < s.in; ++c)
      fill(s.window, s.dilation, c * padded.plane, elements.data() + c * s.window_numel());
  }

 private:
  void fill(const std::int64_t (&size)[3], const std::int64_t (&step)[3], std::int64_t first,
            std::int64_t* to) const {
    for (std::int64_t i = 0; i < size[0]; ++i)
      for (std::int64_t j = 0; j < size[1]; ++j)
        for (std::int64_t k = 0; k < size[2]; ++k)
          *to++ = first + padded.at(i * step[0], j * step[1], k * step[2]);
  }
};

// Calls f(image, group, x) for each, with x where windows can move over it.
template <class F>
void for_images(const ConvSize& s, const Padded& padded, const float* x, F f) {
  const bool direct = padded.is_image(s);
  const std::int64_t room = direct ? 0 : s.in * padded.plane;
  const Workspace<float> copy(room);
  std::fill_n(copy.data(), room, 0.0F);
  for (std::int64_t n = 0; n < s.batch; ++n)
    for (std::int64_t g = 0; g < s.groups; ++g, x += s.in * s.from_numel()) {
      if (!direct) padded.copy(s, s.in, x, copy.data());
      f(n, g, direct ? x : copy.data());
    }
}

std::int64_t last_window(const Places& places) {
  return places.windows.data()[places.windows.count - 1];
}

// Whether lanes hold places, because channels would not fill them: all places up to the last
// window's, most of which have to be windows.
bool has_few_channels(const ConvSize& s, const Places& places) {
  return s.out <= few_channels && s.stride[2] == 1 && s.to[2] >= 16 &&
         last_window(places) < 2 * s.to_numel();
}

// All places up to the last window's, in the image's rows; those where no window fits are not used.
void forward_of_few(const ConvSize& s, const Places& places, const float* x, const float* w,
                    const float* bias, float* y) {
  const std::int64_t window = places.elements.count, last = last_window(places) + 1;
  const Workspace<float> all(s.out * last);
  for_images(s, places.padded, x, [&](std::int64_t, std::int64_t g, const float* image) {
    sum_along({image, last, places.elements.data(), window, w + g * s.out * window, window,
               bias == nullptr ? nullptr : bias + g * s.out, false, all.data(), last, s.out});
    for (std::int64_t c = 0; c < s.out; ++c)
      for (std::int64_t i = 0; i < places.windows.count; i += s.to[2], y += s.to[2])
        std::copy_n(all.data() + c * last + places.windows.data()[i], s.to[2], y);
  });
}

void weights_of_few(const ConvSize& s, const Places& places, std::int64_t channels, const float* x,
                    const float* y, float* w) {
  const std::int64_t window = places.elements.count, plane = places.windows.count;
  const PlaceList to(plane / s.to[2]), from(to.count);
  for (std::int64_t r = 0; r < to.count; ++r) {
    to.data()[r] = r * s.to[2];
    from.data()[r] = places.windows.data()[r * s.to[2]];
  }
  const PlaceRows rows{to.data(), from.data(), to.count, s.to[2]};
  const Workspace<double> sums(s.groups * s.out * window);
  std::fill_n(sums.data(), s.groups * s.out * window, 0.0);
  for_images(s, places.padded, x, [&](std::int64_t n, std::int64_t g, const float* image) {
    sum_over_rows(image, y + (n * channels + g * s.out) * plane, plane, s.out, rows,
                  places.elements.data(), window, sums.data() + g * s.out * window);
  });
  std::transform(sums.data(), sums.data() + s.groups * s.out * window, w,
                 [](double sum) { return static_cast<float>(sum); });
}

void forward(const ConvSize& s, const float* x, const float* w, const float* bias, float* y) {
  const Places places(s);
  if (has_few_channels(s, places)) return forward_of_few(s, places, x, w, bias, y);
  const std::int64_t window = places.elements.count, plane = places.windows.count,
                     weight = packed_numel(s.out, window), start = packed_numel(s.out, 1);
  const Workspace<float> weights(s.groups * weight), starts(s.groups * start),
      packed(packed_numel(s.out, plane));
  std::fill_n(starts.data(), s.groups * start, 0.0F);
  for (std::int64_t g = 0; g < s.groups; ++g) {
    pack_channels(w + g * s.out * window, s.out, window, weights.data() + g * weight);
    if (bias != nullptr) std::copy_n(bias + g * s.out, s.out, starts.data() + g * start);
  }
  for_images(s, places.padded, x, [&](std::int64_t, std::int64_t g, const float* image) {
    places_product({image, places.windows.data(), plane, places.elements.data(), window,
                    weights.data() + g * weight, window, starts.data() + g * start, true,
                    packed.data(), s.out});
    unpack_channels(packed.data(), s.out, plane, y, plane);
    y += s.out * plane;
  });
}

// The convolution that takes results back to images: results become images, and windows are turned
// around. For stride 1.
ConvSize turned(const ConvSize& s) {
  ConvSize t = s;
  t.in = s.out, t.out = s.in;
  for (int i = 0; i < 3; ++i) {
    t.from[i] = s.to[i], t.to[i] = s.from[i];
    t.padding[i] = s.dilation[i] * (s.window[i] - 1) - s.padding[i];
  }
  return t;
}

// (out, in, window) to (in, out, window from its end).
void turn_weights(const ConvSize& s, const float* w, float* to) {
  const std::int64_t window = s.window_numel();
  for (std::int64_t c = 0; c < s.in; ++c)
    for (std::int64_t o = 0; o < s.out; ++o, to += window)
      std::reverse_copy(w + (o * s.in + c) * window, w + (o * s.in + c + 1) * window, to);
}

// (out, in, window) to (in, window, out).
void out_last(const ConvSize& s, const float* w, float* to) {
  const std::int64_t window = s.window_numel();
  for (std::int64_t c = 0; c < s.in; ++c)
    for (std::int64_t k = 0; k < window; ++k)
      for (std::int64_t o = 0; o < s.out; ++o) *to++ = w[(o * s.in + c) * window + k];
}

// The window's positions along an axis from which an image's position gets something, and the
// results' position for the first of them, if there are any. Stride 1.
struct Reached {
  std::int64_t first, count, to;

  Reached(const ConvSize& s, int axis, std::int64_t position) {
    const std::int64_t d = s.dilation[axis], at = position + s.padding[axis];
    first = std::max<std::int64_t>(0, (at - s.to[axis] + d) / d);  // the least with to < s.to
    count = std::min(s.window[axis], at / d + 1) - first;
    to = at - first * d;
  }
};

// The way back, the same position of all images at a time: they get something from the same
// elements of windows, and nothing else has to be computed. Images lie side by side: (out, to,
// batch) to (in, from, batch).
class BackByImages {
 public:
  BackByImages(const ConvSize& s, const float* w)
      : s_(s),
        window_(s.window_numel() * s.out),
        weights_(s.in * window_),
        packed_(packed_numel(s.in, window_)),
        sums_(packed_numel(s.in, s.batch)),
        zeros_(packed_numel(s.in, 1)),
        images_(s.batch),
        along_(s.window[2] * s.out) {
    std::iota(images_.data(), images_.data() + s.batch, std::int64_t{0});
    for (std::int64_t k = 0; k < s.window[2]; ++k)
      for (std::int64_t o = 0; o < s.out; ++o)
        along_.data()[k * s.out + o] = (o * s.to_numel() - k * s.dilation[2]) * s.batch;
    std::fill_n(zeros_.data(), packed_numel(s.in, 1), 0.0F);
    out_last(s, w, weights_.data());
    if (!few_) pack_channels(weights_.data(), s.in, window_, packed_.data());
  }

  void run(const float* y, float* x) const {
    for (std::int64_t i = 0; i < s_.from_numel(); ++i) place(i, y, x + i * s_.batch);
  }

 private:
  void place(std::int64_t i, const float* y, float* x) const {
    const Reached a(s_, 0, i / s_.from[2] / s_.from[1]), b(s_, 1, i / s_.from[2] % s_.from[1]),
        c(s_, 2, i % s_.from[2]);
    bool started = false;
    for (std::int64_t j = 0; c.count > 0 && j < a.count; ++j)
      for (std::int64_t k = 0; k < b.count; ++k) {
        const std::int64_t to = (a.to - j * s_.dilation[0]) * s_.to[1] + b.to - k * s_.dilation[1];
        const std::int64_t first =
            ((a.first + j) * s_.window[1] + b.first + k) * s_.window[2] + c.first;
        add(y + (to * s_.to[2] + c.to) * s_.batch, first * s_.out, c.count * s_.out, started, x);
        started = true;
      }
    const std::int64_t next = s_.from_numel() * s_.batch;
    if (!started)
      for (std::int64_t k = 0; k < s_.in; ++k) std::fill_n(x + k * next, s_.batch, 0.0F);
    else if (!few_)
      unpack_channels(sums_.data(), s_.in, s_.batch, x, next);
  }

  // `count` elements of windows from `first` on, which begin at y.
  void add(const float* y, std::int64_t first, std::int64_t count, bool adds, float* x) const {
    if (few_)
      sum_along({y, s_.batch, along_.data(), count, weights_.data() + first, window_, nullptr, adds,
                 x, s_.from_numel() * s_.batch, s_.in});
    else
      places_product({y, images_.data(), s_.batch, along_.data(), count,
                      packed_.data() + first * lane_, window_, adds ? sums_.data() : zeros_.data(),
                      !adds, sums_.data(), s_.in});
  }

  const ConvSize& s_;
  const std::int64_t lane_ = floats_of_lane(), window_;
  const bool few_ = s_.in <= few_channels && s_.batch >= lane_;
  const Workspace<float> weights_, packed_, sums_, zeros_;
  const PlaceList images_, along_;
};

void back_by_images(const ConvSize& s, const float* y, const float* w, float* x) {
  const std::int64_t result = s.out * s.to_numel(), image = s.in * s.from_numel();
  const Workspace<float> results(s.batch * result), images(s.batch * image);
  for (std::int64_t g = 0; g < s.groups; ++g) {
    transpose_matrix(y + g * result, s.groups * result, s.batch, result, results.data(), s.batch);
    BackByImages(s, w + g * s.in * s.out * s.window_numel()).run(results.data(), images.data());
    transpose_matrix(images.data(), s.batch, image, s.batch, x + g * image, s.groups * image);
  }
}

// How many times the products of the map turned windows compute: they reach over the edges of the
// results.
double waste_of_turned(const ConvSize& s) {
  return static_cast<double>(s.from_numel()) / static_cast<double>(s.to_numel());
}

constexpr std::int64_t together = 12;  // images that fill a tile or a lane

// Where turned windows waste much, and there are images to work on together.
bool is_by_images(const ConvSize& s) {
  constexpr double much = 1.4;
  return waste_of_turned(s) > much && s.batch >= together;
}

void backward_data(const ConvSize& s, const float* y, const float* w, float* x) {
  if (is_by_images(s)) return back_by_images(s, y, w, x);
  const std::int64_t weight = s.in * s.out * s.window_numel();
  const Workspace<float> weights(s.groups * weight);
  for (std::int64_t g = 0; g < s.groups; ++g)
    turn_weights(s, w + g * weight, weights.data() + g * weight);
  forward(turned(s), y, weights.data(), nullptr, x);
}

void backward_weights(const ConvSize& s, std::int64_t channels, const float* x, const float* y,
                      float* w) {
  const Places places(s);
  if (has_few_channels(s, places)) return weights_of_few(s, places, channels, x, y, w);
  const std::int64_t window = places.elements.count, plane = places.windows.count,
                     weight = packed_numel(s.out, window);
  const Workspace<float> sums(s.groups * weight), packed(packed_numel(s.out, plane));
  std::fill_n(sums.data(), s.groups * weight, 0.0F);
  for_images(s, places.padded, x, [&](std::int64_t n, std::int64_t g, const float* image) {
    float* const sum = sums.data() + g * weight;
    pack_channels(y + (n * channels + g * s.out) * plane, s.out, plane, packed.data());
    places_product({image, places.elements.data(), window, places.windows.data(), plane,
                    packed.data(), plane, sum, false, sum, s.out});
  });
  for (std::int64_t g = 0; g < s.groups; ++g)
    unpack_channels(sums.data() + g * weight, s.out, window, w + g * s.out * window, window);
}

// Whether one padded image and its results, with the lists of places, take moderate memory, and
// padding is not the most of it.
bool is_moderate(const ConvSize& s) {
  constexpr std::int64_t most_floats = 1 << 24, most_places = 1 << 20, margin = 4096;
  std::int64_t plane = 1;
  for (int i = 0; i < 3; ++i)
    plane = saturated_product(plane, saturated_sum(s.from[i], saturated_product(2, s.padding[i])));
  return plane <= saturated_sum(saturated_product(4, s.from_numel()), margin) &&
         saturated_product(s.in, plane) <= most_floats && s.to_numel() <= most_places &&
         saturated_product(packed_numel(s.out, 1), s.to_numel()) <= most_floats &&
         saturated_product(s.in, s.window_numel()) <= most_places;
}

}  // namespace

bool can_be_direct(const ConvSize& s, ConvMap map) {
  if (map != ConvMap::backward_data) return is_moderate(s);
  for (int i = 0; i < 3; ++i) {
    const std::int64_t reach = s.dilation[i] * (s.window[i] - 1);
    const bool covered = s.from[i] + 2 * s.padding[i] - reach == s.to[i];
    if (s.stride[i] != 1 || reach < s.padding[i] || !covered) return false;
  }
  return is_moderate(turned(s));
}

bool is_direct(const ConvSize& s, ConvMap map) {
  constexpr double little_waste = 1.1;
  if (!can_be_direct(s, map)) return false;
  if (map != ConvMap::backward_data) return s.out > 1;
  return s.in > 1 && (waste_of_turned(s) < little_waste || is_by_images(s));
}

std::int64_t direct_images(const ConvSize& s, ConvMap map) {
  return map == ConvMap::backward_data && is_by_images(s) ? 16 : 1;
}

bool convolve_direct(const ConvSize& s, ConvMap map, std::int64_t channels, const float* a,
                     const float* b, const float* bias, float* y) {
  switch (map) {
    case ConvMap::forward:
      forward(s, a, b, bias, y);
      break;
    case ConvMap::backward_data:
      backward_data(s, a, b, y);
      break;
    case ConvMap::backward_weights:
      backward_weights(s, channels, a, b, y);
      break;
  }
  return true;
}

}  // namespace xgrad::detail
