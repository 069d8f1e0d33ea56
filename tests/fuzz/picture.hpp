// picture.hpp: reads a picture of the size that fuzzers have time for.
#pragma once

#include <xgrad/data/image.hpp>

#include "target.hpp"

namespace xgrad::fuzz {

inline void read_picture(const std::filesystem::path& path) {
  data::read_image(path, {.max_pixels = 1 << 18});
}

}  // namespace xgrad::fuzz
