#include "run/png.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <zlib.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::viz {
namespace {

constexpr std::int64_t max_pixels = std::int64_t{1} << 22;

std::string big_endian(std::size_t n) {
  return {static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8),
          static_cast<char>(n)};
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(data.size()) + body + big_endian(sum);
}

// Each row begins with the number of its filter, which is none.
std::string filtered(const Pixels& image) {
  const auto row = static_cast<std::size_t>(image.width * image.channels);
  std::string rows;
  rows.reserve((row + 1) * static_cast<std::size_t>(image.height));
  for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y)
    rows.append(1, '\0').append(image.bytes, y * row, row);
  return rows;
}

std::string deflated(const std::string& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string result(size, '\0');
  if (compress(reinterpret_cast<Bytef*>(result.data()), &size,
               reinterpret_cast<const Bytef*>(bytes.data()),
               static_cast<uLong>(bytes.size())) != Z_OK)
    throw MemoryError("png: not enough memory to compress the image");
  result.resize(size);
  return result;
}

// Several images in rows and columns, with white lines between them.
struct Grid {
  std::int64_t images, channels, height, width, columns, rows, line;

  explicit Grid(const Shape& s)
      : images(s.dim() == 4 ? s[0] : 1),
        channels(s.dim() >= 3 ? s[s.dim() - 3] : 1),
        height(s[s.dim() - 2]),
        width(s[s.dim() - 1]),
        columns(std::int64_t(std::ceil(std::sqrt(double(images))))),
        rows((images + columns - 1) / columns),
        line(images > 1 ? 1 : 0) {}
  Pixels blank() const {
    const std::int64_t h = rows * (height + line) + line, w = columns * (width + line) + line;
    return {h, w, channels, std::string(static_cast<std::size_t>(h * w * channels), '\xff')};
  }
  // The first byte of a row of pixels of an image.
  std::size_t start(std::int64_t image, std::int64_t y, const Pixels& p) const {
    const std::int64_t top = image / columns * (height + line) + line,
                       left = image % columns * (width + line) + line;
    return static_cast<std::size_t>(((top + y) * p.width + left) * channels);
  }
};

void check(const Tensor& image, Site site) {
  const Shape& s = image.shape();
  if (s.dim() < 2 || s.dim() > 4 || s.numel() == 0)
    throw ShapeError("Run.image: the image is " + to_string(s) +
                         "; it must be [height, width], [channels, height, width] or [images, "
                         "channels, height, width], and not empty",
                     site);
  const std::int64_t channels = s.dim() >= 3 ? s[s.dim() - 3] : 1;
  if (channels != 1 && channels != 3 && channels != 4)
    throw ShapeError("Run.image: the image is " + to_string(s) + " with " +
                         std::to_string(channels) + " channels; it must have 1, 3 or 4",
                     site);
  if (s.numel() / channels > max_pixels)
    throw ShapeError("Run.image: the image is " + to_string(s) +
                         ", which is more than 2^22 pixels; interpolate it to a smaller size",
                     site);
}

// What is black, and what is white.
std::array<double, 2> limits(const Tensor& elements, bool normalize, DType dtype) {
  if (!normalize) return {0, is_floating(dtype) || dtype == bool_ ? 1.0 : 255.0};
  std::array<double, 2> found{std::numeric_limits<double>::max(),
                              std::numeric_limits<double>::lowest()};
  for (const double x : elements.span<double>())
    if (std::isfinite(x)) found = {std::min(found[0], x), std::max(found[1], x)};
  return found;
}

char byte_of(double x, const std::array<double, 2>& black_white) {
  const auto [black, white] = black_white;
  if (!std::isfinite(x) || !(white / 2 - black / 2 > 0)) return 0;
  const double part = (x / 2 - black / 2) / (white / 2 - black / 2);
  return static_cast<char>(std::lround(255 * std::clamp(part, 0.0, 1.0)));
}

}  // namespace

std::string png(const Pixels& image) {
  constexpr std::array<char, 5> colour_types{0, 0, 0, 2, 6};  // by the number of channels
  std::string header = big_endian(static_cast<std::size_t>(image.width)) +
                       big_endian(static_cast<std::size_t>(image.height));
  header += {8, colour_types.at(static_cast<std::size_t>(image.channels)), 0, 0, 0};
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", deflated(filtered(image))) +
         chunk("IEND", "");
}

Pixels pixels_of(const Tensor& image, bool normalize, Site site) {
  check(image, site);
  const Tensor elements = image.detach().to(float64);
  const auto black_white = limits(elements, normalize, image.dtype());
  const Grid grid(image.shape());
  Pixels all = grid.blank();
  const double* next = elements.data<double>();
  for (std::int64_t i = 0; i < grid.images; ++i)
    for (std::int64_t c = 0; c < grid.channels; ++c)
      for (std::int64_t y = 0; y < grid.height; ++y) {
        std::size_t at = grid.start(i, y, all) + static_cast<std::size_t>(c);
        for (std::int64_t x = 0; x < grid.width; ++x, at += static_cast<std::size_t>(grid.channels))
          all.bytes[at] = byte_of(*next++, black_white);
      }
  return all;
}

std::string base64(const std::string& bytes) {
  constexpr auto digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = i; k < i + 3; ++k)
      three = three << 8 | (k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0);
    for (int shift = 18; shift >= 0; shift -= 6) text += digits[three >> shift & 63];
  }
  for (std::size_t k = 0; k < (3 - bytes.size() % 3) % 3; ++k) text[text.size() - 1 - k] = '=';
  return text;
}

}  // namespace xgrad::viz
