// pictures.hpp: PNG and JPEG files made by hand.
#pragma once

#include <cstdint>
#include <vector>

namespace xgrad::test {

using Bytes = std::vector<unsigned char>;

struct PngForm {
  int width, height;
  int bit_depth = 8;
  int color_type = 2;  // PNG's numbers: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
  bool interlaced = false;
  bool transparent = false;  // a tRNS chunk
};
// Of a palette, entry i is (i, 2 i, 255 - i). `rows` are those of the file, as they are.
Bytes png(const PngForm& form, const Bytes& rows);

struct JpegForm {
  int width, height;
  int components = 3;  // 1 grey, 3 RGB, 4 CMYK
  bool progressive = false;
  int quality = 100;
};
Bytes jpeg(const JpegForm& form, const Bytes& pixels);

}  // namespace xgrad::test
