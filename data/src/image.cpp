#include <xgrad/data/image.hpp>

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

#include "image/pixels.hpp"
#include "input_file.hpp"

namespace xgrad::data {
namespace {

using detail::FileBytes;
using detail::InputFile;
using detail::Pixels;

bool starts_with(FileBytes file, std::initializer_list<unsigned char> magic) {
  return file.size() >= magic.size() && std::equal(magic.begin(), magic.end(), file.begin());
}

Pixels decode(FileBytes bytes, const InputFile& file, std::int64_t max_pixels) {
  const detail::ImageLimits limits{max_pixels, [&](const std::string& why) { file.fail(why); }};
  if (starts_with(bytes, {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}))
    return detail::decode_png(bytes, limits);
  if (starts_with(bytes, {0xff, 0xd8, 0xff})) return detail::decode_jpeg(bytes, limits);
  file.fail("is neither a PNG nor a JPEG file");
}

Tensor as_rgb(const Pixels& pixels) {
  const std::int64_t count = pixels.height * pixels.width;
  Tensor image = empty({3, pixels.height, pixels.width}, {.dtype = float32});
  float* const to = image.mutable_data<float>();
  for (std::int64_t i = 0; i < count; ++i)
    for (std::int64_t c = 0; c < 3; ++c)
      to[c * count + i] =
          static_cast<float>(pixels.rgb[static_cast<std::size_t>(3 * i + c)]) / 255.0F;
  return image;
}

// In 16 bits behind the point, rounded to 8 bits; the weights add up to 1, so grey stays as it is.
unsigned luma(const unsigned char* rgb) {
  return (19595U * rgb[0] + 38470U * rgb[1] + 7471U * rgb[2] + 0x8000U) >> 16;
}

Tensor as_grey(const Pixels& pixels) {
  Tensor image = empty({1, pixels.height, pixels.width}, {.dtype = float32});
  float* to = image.mutable_data<float>();
  for (std::size_t i = 0; i < pixels.rgb.size(); i += 3)
    *to++ = static_cast<float>(luma(pixels.rgb.data() + i)) / 255.0F;
  return image;
}

}  // namespace

Tensor read_image(const std::string& path, const ReadImageOptions& options, Site site) {
  const OpScope scope("read_image", site);
  if (options.max_pixels < 1)
    throw ValueError(
        fmt::format("read_image: max_pixels is {}; it must be at least 1", options.max_pixels));
  InputFile file("read_image", path, site);
  if (file.is_gzipped()) file.fail("is gzipped; it must be a PNG or JPEG file as it is");
  const std::vector<unsigned char> bytes =
      file.read_at_most(std::numeric_limits<std::size_t>::max());
  const Pixels pixels = decode(bytes, file, options.max_pixels);
  return options.mode == ImageMode::rgb ? as_rgb(pixels) : as_grey(pixels);
}

}  // namespace xgrad::data
