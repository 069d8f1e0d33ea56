// libpng leaves by longjmp where it fails, so functions that call setjmp have no objects whose
// destructors would be skipped.
#include "pixels.hpp"

#include <csetjmp>
#include <cstring>

#include <png.h>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::data::detail {
namespace {

// Deflate stores at most 258 bytes in two bits.
constexpr std::int64_t largest_expansion = 1032;

struct PngState {
  FileBytes left;
  char message[128] = "";
};

std::size_t size_of_chunk(FileBytes chunk) {
  return std::size_t{chunk[0]} << 24 | std::size_t{chunk[1]} << 16 | std::size_t{chunk[2]} << 8 |
         chunk[3];
}

// libpng allocates what some chunks claim to have before it reads them.
bool has_all_chunks(FileBytes file) {
  constexpr std::size_t signature = 8, frame = 12;  // a size, a name and a checksum
  for (FileBytes rest = file.subspan(signature); rest.size() >= frame;) {
    const std::size_t size = size_of_chunk(rest);
    if (size > rest.size() - frame) return false;
    if (std::memcmp(rest.data() + 4, "IEND", 4) == 0) return true;
    rest = rest.subspan(frame + size);
  }
  return false;
}

void on_error(png_structp png, png_const_charp text) {
  auto* const state = static_cast<PngState*>(png_get_error_ptr(png));
  std::strncpy(state->message, text, sizeof state->message - 1);
  png_longjmp(png, 1);
}
void on_warning(png_structp, png_const_charp) {}

void give(png_structp png, png_bytep to, std::size_t size) {
  auto* const state = static_cast<PngState*>(png_get_io_ptr(png));
  if (size > state->left.size()) png_error(png, "it ends early");
  std::memcpy(to, state->left.data(), size);
  state->left = state->left.subspan(size);
}

/// A decoder of one file.
class Png {
 public:
  Png(FileBytes file, const ImageLimits& limits) : state_{file}, limits_(limits) {}
  ~Png() { png_destroy_read_struct(&png_, &info_, nullptr); }
  Png(const Png&) = delete;
  Png& operator=(const Png&) = delete;

  Pixels decode() {
    const auto size = static_cast<std::int64_t>(state_.left.size());
    if (!has_all_chunks(state_.left)) limits_.fail("is damaged or truncated: a chunk ends early");
    start();
    check(read_header());
    Pixels pixels{png_get_image_height(png_, info_), png_get_image_width(png_, info_), {}};
    const std::int64_t bits = png_get_bit_depth(png_, info_) * png_get_channels(png_, info_);
    limits_.check(pixels.width, pixels.height, 8 * largest_expansion * size / bits);
    check(convert());
    if (png_get_rowbytes(png_, info_) != static_cast<std::size_t>(3 * pixels.width))
      limits_.fail("cannot be decoded: libpng did not convert it to RGB");
    pixels.allocate();
    check(read_rows(pixels.rgb.data(), static_cast<std::size_t>(3 * pixels.width)));
    return pixels;
  }

 private:
  void start() {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &state_, on_error, on_warning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) limits_.fail("cannot be decoded: libpng does not start");
  }
  void check(bool good) const {
    if (!good) limits_.fail(fmt::format("is damaged or truncated: {}", state_.message));
  }
  bool read_header() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_read_fn(png_, &state_, give);
    png_read_info(png_, info_);
    return true;
  }
  // To 8 bits for each of red, green and blue.
  bool convert() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_expand(png_);
    png_set_scale_16(png_);
    png_set_gray_to_rgb(png_);
    png_set_strip_alpha(png_);
    passes_ = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }
  bool read_rows(unsigned char* rgb, std::size_t row_bytes) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    const std::size_t rows = png_get_image_height(png_, info_);
    for (int pass = 0; pass < passes_; ++pass)
      for (std::size_t row = 0; row < rows; ++row)
        png_read_row(png_, rgb + row * row_bytes, nullptr);
    png_read_end(png_, nullptr);
    return true;
  }

  PngState state_;
  const ImageLimits& limits_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  int passes_ = 1;
};

}  // namespace

Pixels decode_png(FileBytes file, const ImageLimits& limits) { return Png(file, limits).decode(); }

}  // namespace xgrad::data::detail
