#include "pixels.hpp"

#include <new>

#include <fmt/format.h>

#include <xgrad/graph/memory.hpp>

namespace xgrad::data::detail {

void Pixels::allocate() {
  const auto bytes = static_cast<std::size_t>(3 * height * width);
  try {
    rgb.resize(bytes);
  } catch (const std::bad_alloc&) {
    xgrad::detail::throw_memory(bytes);
  }
}

void ImageLimits::check(std::int64_t width, std::int64_t height, std::int64_t possible) const {
  if (width == 0 || height == 0)
    fail(fmt::format("is {} x {} pixels; it must have some", height, width));
  if (height > max_pixels / width)
    fail(fmt::format("is {} x {} pixels; max_pixels is {}", height, width, max_pixels));
  if (height > possible / width)
    fail(fmt::format("is truncated: it claims {} x {} pixels, which its size cannot hold", height,
                     width));
}

}  // namespace xgrad::data::detail
