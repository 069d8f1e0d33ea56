// convolutions.hpp: the convolutions that are timed.
#pragma once

#include <cstdint>
#include <vector>

namespace bench {

/// `in` and `out` are channels of one group; images and windows are square.
struct Convolution {
  const char* name;
  std::int64_t batch, groups, in, out, side, window, padding;
};
inline std::vector<Convolution> convolutions() {
  return {{"64x1x28x28, 6 of 5x5", 64, 1, 1, 6, 28, 5, 0},
          {"64x6x12x12, 16 of 5x5", 64, 1, 6, 16, 12, 5, 0},
          {"64x1x28x28, 32 of 3x3", 64, 1, 1, 32, 28, 3, 0},
          {"64x32x26x26, 64 of 3x3", 64, 1, 32, 64, 26, 3, 0},
          {"8x64x56x56, 64 of 3x3", 8, 1, 64, 64, 56, 3, 1},
          {"8x64x28x28, 128 of 1x1", 8, 1, 64, 128, 28, 1, 0},
          {"64x128x7x7, 256 of 4x4", 64, 1, 128, 256, 7, 4, 0},
          {"8x32x28x28, by channel", 8, 32, 1, 1, 28, 3, 1},
          {"1x2x4x4, 3 of 3x3", 1, 1, 2, 3, 4, 3, 0}};
}

}  // namespace bench
