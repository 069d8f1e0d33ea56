// png.hpp: reads what the tests need of a PNG and of a GIF.
#pragma once

#include <cstdint>
#include <cstring>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <zlib.h>

namespace xgrad::test {

struct Png {
  unsigned width = 0, height = 0, channels = 0;
  std::vector<unsigned char> pixels;  // row by row, without filters

  std::uint32_t color(unsigned x, unsigned y) const {
    const unsigned char* p = &pixels[(static_cast<std::size_t>(y) * width + x) * channels];
    return static_cast<std::uint32_t>(p[0]) << 16 | static_cast<std::uint32_t>(p[1]) << 8 | p[2];
  }
  std::set<std::uint32_t> colors() const {
    std::set<std::uint32_t> all;
    for (unsigned y = 0; y < height; ++y)
      for (unsigned x = 0; x < width; ++x) all.insert(color(x, y));
    return all;
  }
  // How many pixels are within a distance of a color, in each channel.
  std::size_t count(std::uint32_t wanted, int distance = 12) const {
    std::size_t n = 0;
    for (unsigned y = 0; y < height; ++y)
      for (unsigned x = 0; x < width; ++x) n += is_near(color(x, y), wanted, distance);
    return n;
  }

 private:
  static bool is_near(std::uint32_t a, std::uint32_t b, int distance) {
    for (const int shift : {0, 8, 16})
      if (std::abs(static_cast<int>(a >> shift & 255) - static_cast<int>(b >> shift & 255)) >
          distance)
        return false;
    return true;
  }
};

inline unsigned big_endian(const std::string& bytes, std::size_t at) {
  unsigned value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes.at(at + i));
  return value;
}

// Undoes the filters of the rows, as the PNG specification defines them.
inline std::vector<unsigned char> unfiltered(const std::vector<unsigned char>& raw, unsigned height,
                                             std::size_t row, std::size_t step) {
  std::vector<unsigned char> out(height * row);
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t i = 0; i < row; ++i) {
      const int left = i < step ? 0 : out[y * row + i - step],
                up = y == 0 ? 0 : out[(y - 1) * row + i];
      const int corner = y == 0 || i < step ? 0 : out[(y - 1) * row + i - step];
      const int p = left + up - corner, pa = std::abs(p - left), pb = std::abs(p - up),
                pc = std::abs(p - corner);
      const int paeth = pa <= pb && pa <= pc ? left : pb <= pc ? up : corner;
      const int predicted[] = {0, left, up, (left + up) / 2, paeth};
      out[y * row + i] =
          static_cast<unsigned char>(raw[y * (row + 1) + i + 1] + predicted[raw.at(y * (row + 1))]);
    }
  return out;
}

/// Eight bits a channel, without a palette, as cairo writes them.
inline Png read_png(const std::string& bytes) {
  if (bytes.compare(0, 8, "\x89PNG\r\n\x1a\n") != 0) throw std::runtime_error("no PNG");
  Png png;
  std::string packed;
  for (std::size_t at = 8; at + 8 <= bytes.size();) {
    const unsigned length = big_endian(bytes, at);
    const std::string type = bytes.substr(at + 4, 4);
    if (type == "IHDR") {
      png.width = big_endian(bytes, at + 8);
      png.height = big_endian(bytes, at + 12);
      png.channels = bytes.at(at + 17) == 6 ? 4 : 3;
      if (bytes.at(at + 16) != 8 || (bytes.at(at + 17) != 2 && bytes.at(at + 17) != 6))
        throw std::runtime_error("a PNG of another kind");
    }
    if (type == "IDAT") packed += bytes.substr(at + 8, length);
    at += 12 + length;
  }
  const std::size_t row = static_cast<std::size_t>(png.width) * png.channels;
  std::vector<unsigned char> raw(png.height * (row + 1));
  uLongf size = raw.size();
  if (uncompress(raw.data(), &size, reinterpret_cast<const Bytef*>(packed.data()), packed.size()) !=
          Z_OK ||
      size != raw.size())
    throw std::runtime_error("a damaged PNG");
  png.pixels = unfiltered(raw, png.height, row, png.channels);
  return png;
}

/// The frames of a GIF. @throws std::runtime_error  if it does not end as it should.
inline int frames_of_gif(const std::string& bytes) {
  if (bytes.compare(0, 6, "GIF89a") != 0) throw std::runtime_error("no GIF");
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes.at(i)); };
  const auto colors = [](unsigned flags) { return flags & 0x80 ? 3U << ((flags & 7) + 1) : 0U; };
  std::size_t at = 13 + colors(byte(10));
  const auto skip_blocks = [&] {
    while (byte(at) != 0) at += byte(at) + 1U;
    ++at;
  };
  int frames = 0;
  for (;;) {
    const unsigned kind = byte(at);
    if (kind == 0x3B) return frames;
    if (kind == 0x21) {
      at += 2;
    } else if (kind == 0x2C) {
      ++frames;
      at += 10 + colors(byte(at + 9)) + 1;
    } else {
      throw std::runtime_error("a damaged GIF");
    }
    skip_blocks();
  }
}

}  // namespace xgrad::test
