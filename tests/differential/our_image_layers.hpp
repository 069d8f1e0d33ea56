// our_image_layers.hpp: the drawn layers of images, as xgrad's.
#pragma once

#include <xgrad/xgrad.hpp>

#include "differential/image_layers.hpp"

namespace xgrad::test {

/// Appends the layer if it is one of images.
void append_image_layer(nn::Sequential& net, const Json& layer);

}  // namespace xgrad::test
