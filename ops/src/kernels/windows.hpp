// windows.hpp: the largest element of windows over planes.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// Positions start, start + step, ... before stop along an axis.
struct Span {
  std::int64_t start, stop, step;
};
/// An axis of `size` positions, and what each of its windows looks at.
struct WindowedAxis {
  std::int64_t size = 1, count = 0;
  const Span* spans = nullptr;
};

/// at (planes, windows) = where in its plane the largest element of each window lies, the first of
/// equal ones, the last NaN; elements = the same among all elements of x. Three axes, the first
/// with one window over one position where there are fewer; no window is empty. Floating dtypes.
void positions_of_largest(DType dtype, std::int64_t planes, const WindowedAxis (&axes)[3],
                          const void* x, std::int64_t* at, std::int64_t* elements);

/// Makes positions (planes, each) in planes of `size` elements positions among all elements.
void positions_among_planes(std::int64_t planes, std::int64_t each, std::int64_t size,
                            std::int64_t* at);

}  // namespace xgrad::detail
