// init.hpp: starting values for parameters. They change a leaf in place and give it back.
#pragma once

#include <xgrad/graph/random.hpp>

namespace xgrad::nn::init {

/// Uniform in [low, high).
Tensor uniform_(Tensor x, double low = 0, double high = 1, Generator* generator = nullptr,
                Site site = {__builtin_FILE(), __builtin_LINE()});

/// Uniform in +-sqrt(6 / ((1 + a^2) fan_in)), which keeps the variance of a layer with leaky ReLU
/// of slope a (He et al., ICCV 2015). fan_in is the product of all sizes but the first.
/// @throws ShapeError below two dims.
Tensor kaiming_uniform_(Tensor x, double a = 0, Generator* generator = nullptr,
                        Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad::nn::init
