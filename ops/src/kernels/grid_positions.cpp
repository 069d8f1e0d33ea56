#include "kernels/grid_positions.hpp"

#include <algorithm>

#include <xgrad/graph/parallel.hpp>

namespace xgrad::detail {
namespace {

// Where point k lies in its plane.
template <class T>
std::int64_t position_in_plane(const GridSizes& s, const T* const (&places)[3], std::int64_t k) {
  std::int64_t position = 0;
  for (int d = 0; d < s.axes; ++d) {
    const auto at = static_cast<double>(places[d][k]);
    if (!(at >= 0 && at <= static_cast<double>(s.size[d] - 1))) return -1;
    position = position * s.size[d] + static_cast<std::int64_t>(at);
  }
  return position;
}

}  // namespace

void grid_positions(DType dtype, const GridSizes& s, const void* const (&places)[3],
                    std::int64_t* y) {
  std::int64_t plane = 1;
  for (int d = 0; d < s.axes; ++d) plane *= s.size[d];
  constexpr std::int64_t block = 512;  // points of one image
  const std::int64_t blocks = (s.points + block - 1) / block;
  const std::int64_t work = std::min(block, s.points) * (s.channels + s.axes);
  const std::int64_t grain = parallel_grain / std::max<std::int64_t>(1, work);
  dispatch_floating(dtype, [&]<class T>() {
    const T* const at[3] = {static_cast<const T*>(places[0]), static_cast<const T*>(places[1]),
                            static_cast<const T*>(places[2])};
    const auto run = [&](std::int64_t image, std::int64_t first) {
      const std::int64_t count = std::min(block, s.points - first);
      std::int64_t inside[block];
      for (std::int64_t i = 0; i < count; ++i)
        inside[i] = position_in_plane(s, at, image * s.points + first + i);
      for (std::int64_t c = image * s.channels; c < (image + 1) * s.channels; ++c) {
        std::int64_t* const to = y + c * s.points + first;
        for (std::int64_t i = 0; i < count; ++i) to[i] = inside[i] < 0 ? -1 : c * plane + inside[i];
      }
    };
    parallel_ranges(s.batch * blocks, std::max<std::int64_t>(1, grain),
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t b = begin; b < end; ++b)
                        run(b / blocks, b % blocks * block);
                    });
  });
}

}  // namespace xgrad::detail
