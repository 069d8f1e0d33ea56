#include "kernels/column_positions.hpp"

#include <algorithm>

#include <xgrad/graph/parallel.hpp>

namespace xgrad::detail {
namespace {

// The positions for one place (i, j) of the window in one plane.
void put_place(const ImageWindows& w, std::int64_t plane, std::int64_t i, std::int64_t j,
               std::int64_t* y) {
  for (std::int64_t r = 0; r < w.count[0]; ++r) {
    const std::int64_t row = r * w.stride[0] - w.padding[0] + i * w.dilation[0];
    const bool inside = row >= 0 && row < w.size[0];
    const std::int64_t first = inside ? (plane * w.size[0] + row) * w.size[1] : 0;
    for (std::int64_t c = 0; c < w.count[1]; ++c) {
      const std::int64_t column = c * w.stride[1] - w.padding[1] + j * w.dilation[1];
      *y++ = inside && column >= 0 && column < w.size[1] ? first + column : -1;
    }
  }
}

}  // namespace

void column_positions(const ImageWindows& w, std::int64_t* y) {
  const std::int64_t area = w.kernel[0] * w.kernel[1], n = w.count[0] * w.count[1];
  parallel_ranges(w.planes * area,
                  std::max<std::int64_t>(1, parallel_grain / std::max<std::int64_t>(1, n)),
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t k = begin; k < end; ++k)
                      put_place(w, k / area, k % area / w.kernel[1], k % w.kernel[1], y + k * n);
                  });
}

}  // namespace xgrad::detail
