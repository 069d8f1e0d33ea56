// image_layers.hpp: layers of images, for networks that both libraries train.
#pragma once

#include "calls/draw.hpp"
#include "differential/answer.hpp"

namespace xgrad::test {

/// Channels, height and width.
struct ImageSize {
  std::int64_t channels, height, width;
};

/// One to three layers with random options that images of this size can pass, after which they have
/// another size.
Json draw_image_layers(Choices& choices, ImageSize& size);

}  // namespace xgrad::test
