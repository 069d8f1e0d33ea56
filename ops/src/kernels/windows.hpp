// windows.hpp: the largest elements of windows over planes.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// Positions start, start + step, ... before stop along an axis.
struct Span {
  std::int64_t start, stop, step;
};
/// An axis of `size` positions, and what each of its windows looks at, in equal steps.
struct WindowedAxis {
  std::int64_t size = 1, count = 0;
  const Span* spans = nullptr;
};
/// Windows over each plane. Where there are fewer than three axes, the first have one window over
/// one position. No window is empty.
struct PlaneWindows {
  std::int64_t planes;
  WindowedAxis axes[3];

  std::int64_t plane() const { return axes[0].size * axes[1].size * axes[2].size; }
  std::int64_t windows() const { return axes[0].count * axes[1].count * axes[2].count; }
};

/// An element's place in its window: its number, where the places of the largest window are counted
/// row by row. Places take as many bytes as this: 1, or 8 in windows of more than 256.
std::int64_t place_bytes(const PlaneWindows& windows);

/// y (planes, windows) = the largest element of each window, the last NaN if there is any. `places`
/// = where in its window it lies, the first of equal ones; null if nobody asks. Floating dtypes.
void largest_of_windows(DType dtype, const PlaneWindows& windows, const void* x, void* y,
                        void* places);
/// dx = dy (planes, windows) added up at those places, or that added to dx.
void add_at_places(DType dtype, const PlaneWindows& windows, const void* places, const void* dy,
                   bool accumulate, void* dx);
/// The positions of the places in their planes, or among all elements.
void positions_of_places(const PlaneWindows& windows, const void* places, bool among_all,
                         std::int64_t* at);

/// Makes positions (planes, each) in planes of `size` elements positions among all elements.
void positions_among_planes(std::int64_t planes, std::int64_t each, std::int64_t size,
                            std::int64_t* at);

}  // namespace xgrad::detail
