#include "data/pictures.hpp"

#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>
#include <png.h>

namespace xgrad::test {

Bytes png(const PngForm& form, const Bytes& rows) {
  Bytes file;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  if (setjmp(png_jmpbuf(png)) != 0) std::abort();
  png_set_write_fn(
      png, &file,
      [](png_structp p, png_bytep bytes, std::size_t size) {
        auto* const to = static_cast<Bytes*>(png_get_io_ptr(p));
        to->insert(to->end(), bytes, bytes + size);
      },
      [](png_structp) {});
  png_set_IHDR(png, info, static_cast<unsigned>(form.width), static_cast<unsigned>(form.height),
               form.bit_depth, form.color_type,
               form.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (form.color_type == PNG_COLOR_TYPE_PALETTE) {
    png_color palette[256];
    for (int i = 0; i < 256; ++i)
      palette[i] = {static_cast<png_byte>(i), static_cast<png_byte>(2 * i),
                    static_cast<png_byte>(255 - i)};
    png_set_PLTE(png, info, palette, 1 << form.bit_depth);
  }
  if (form.transparent) {
    png_byte alpha[] = {0, 128};
    png_color_16 colour{};
    png_set_tRNS(png, info, alpha, form.color_type == PNG_COLOR_TYPE_PALETTE ? 2 : 0, &colour);
  }
  png_write_info(png, info);
  const std::size_t row_bytes = png_get_rowbytes(png, info);
  const int passes = png_set_interlace_handling(png);
  for (int pass = 0; pass < passes; ++pass)
    for (int row = 0; row < form.height; ++row)
      png_write_row(png, rows.data() + static_cast<std::size_t>(row) * row_bytes);
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return file;
}

Bytes jpeg(const JpegForm& form, const Bytes& pixels) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = static_cast<unsigned>(form.width);
  info.image_height = static_cast<unsigned>(form.height);
  info.input_components = form.components;
  info.in_color_space = form.components == 1   ? JCS_GRAYSCALE
                        : form.components == 3 ? JCS_RGB
                                               : JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, form.quality, TRUE);
  if (form.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<unsigned char*>(pixels.data()) +
                static_cast<std::size_t>(form.width * form.components) * info.next_scanline;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  Bytes file(memory, memory + size);
  jpeg_destroy_compress(&info);
  std::free(memory);
  return file;
}

}  // namespace xgrad::test
