// their_image_layers.hpp: the drawn layers of images, as libtorch's.
#pragma once

#include <torch/nn.h>

#include "differential/image_layers.hpp"

namespace xgrad::test {

/// Appends the layer if it is one of images.
void append_image_layer(torch::nn::Sequential& net, const Json& layer);

}  // namespace xgrad::test
