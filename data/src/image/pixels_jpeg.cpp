// libjpeg leaves by longjmp where it fails, so functions that call setjmp have no objects whose
// destructors would be skipped.
#include "pixels.hpp"

#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

#include <jerror.h>

#include <fmt/format.h>

namespace xgrad::data::detail {
namespace {

// A Huffman code has at least one bit for each block of 8 x 8 pixels.
constexpr std::int64_t most_pixels_per_byte = 512;
// A progressive file of many scans takes as many times longer to decode.
constexpr int most_scans = 500;

struct JpegState {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX] = "";
};

JpegState& state_of(j_common_ptr info) { return *static_cast<JpegState*>(info->client_data); }

void on_error(j_common_ptr info) {
  JpegState& state = state_of(info);
  info->err->format_message(info, state.message);
  std::longjmp(state.jump, 1);
}

// Level -1 is a warning; most tell of damaged data, for which libjpeg invents pixels.
void on_message(j_common_ptr info, int level) {
  const int code = info->err->msg_code;
  const bool harmless =
      code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR;
  if (level < 0 && !harmless) on_error(info);
}

void on_progress(j_common_ptr info) {
  if (!info->is_decompressor ||
      reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= most_scans)
    return;
  std::snprintf(state_of(info).message, JMSG_LENGTH_MAX, "it has more than %d scans", most_scans);
  std::longjmp(state_of(info).jump, 1);
}

/// A decoder of one file.
class Jpeg {
 public:
  Jpeg(FileBytes file, const ImageLimits& limits) : file_(file), limits_(limits) {
    state_.info.err = jpeg_std_error(&state_.errors);
    state_.errors.error_exit = on_error;
    state_.errors.emit_message = on_message;
    state_.progress.progress_monitor = on_progress;
    state_.info.client_data = &state_;
  }
  ~Jpeg() { jpeg_destroy_decompress(&state_.info); }
  Jpeg(const Jpeg&) = delete;
  Jpeg& operator=(const Jpeg&) = delete;

  Pixels decode() {
    check(read_header());
    const jpeg_decompress_struct& info = state_.info;
    if (info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK)
      limits_.fail("is a CMYK picture, whose colours depend on a printer; convert it to RGB");
    Pixels pixels{info.image_height, info.image_width, {}};
    const auto size = static_cast<std::int64_t>(file_.size());
    limits_.check(pixels.width, pixels.height,
                  info.arith_code ? limits_.max_pixels : most_pixels_per_byte * size);
    pixels.allocate();
    check(read_rows(pixels.rgb.data()));
    return pixels;
  }

 private:
  void check(bool good) const {
    if (!good) limits_.fail(fmt::format("is damaged or truncated: {}", state_.message));
  }
  bool read_header() {
    if (setjmp(state_.jump) != 0) return false;
    jpeg_create_decompress(&state_.info);
    state_.info.progress = &state_.progress;
    jpeg_mem_src(&state_.info, file_.data(), static_cast<unsigned long>(file_.size()));
    jpeg_read_header(&state_.info, TRUE);
    return true;
  }
  bool read_rows(unsigned char* rgb) {
    if (setjmp(state_.jump) != 0) return false;
    state_.info.out_color_space = JCS_RGB;
    jpeg_start_decompress(&state_.info);
    while (state_.info.output_scanline < state_.info.output_height) {
      unsigned char* row =
          rgb + std::size_t{3} * state_.info.output_width * state_.info.output_scanline;
      jpeg_read_scanlines(&state_.info, &row, 1);
    }
    jpeg_finish_decompress(&state_.info);
    return true;
  }

  const FileBytes file_;
  const ImageLimits& limits_;
  JpegState state_;
};

}  // namespace

Pixels decode_jpeg(FileBytes file, const ImageLimits& limits) {
  return Jpeg(file, limits).decode();
}

}  // namespace xgrad::data::detail
