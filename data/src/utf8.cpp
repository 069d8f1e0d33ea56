#include "utf8.hpp"

#include <bit>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/ops/indexing.hpp>

namespace xgrad::data::detail {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

// Bytes of the form that begins with this one; 0 for a byte that begins none.
std::size_t length_of(unsigned lead) {
  if (lead < 0x80) return 1;
  const int ones = std::countl_one(static_cast<unsigned char>(lead));
  return ones >= 2 && ones <= 4 ? static_cast<std::size_t>(ones) : 0;
}

// The code point of the `length` bytes from i on; -1 if they are not one.
std::int64_t decode_one(std::string_view text, std::size_t i, std::size_t length) {
  static constexpr std::int64_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (length == 0) return -1;
  const unsigned lead = byte_at(text, i);
  std::int64_t point = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t k = 1; k < length; ++k) {
    const unsigned next = byte_at(text, i + k);
    if ((next & 0xC0U) != 0x80) return -1;
    point = point << 6 | (next & 0x3FU);
  }
  const bool surrogate = point >= 0xD800 && point < 0xE000;
  return point < smallest[length] || surrogate || point > 0x10FFFF ? -1 : point;
}

}  // namespace

Tensor code_points(const char* op, std::string_view utf8) {
  xgrad::detail::ScratchVector<std::int64_t> points;
  points.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const std::size_t length = length_of(byte_at(utf8, i));
    const std::int64_t point = decode_one(utf8, i, length);
    if (point < 0)
      throw ValueError(
          fmt::format("{}: the text is not UTF-8: byte {} at offset {} starts no "
                      "character",
                      op, byte_at(utf8, i), i));
    points.push_back(point);
    i += length;
  }
  return tensor(points);
}

void append_utf8(std::string& text, std::int64_t code_point) {
  const auto p = static_cast<unsigned>(code_point);
  const auto tail = [&](int shift) { text += static_cast<char>(0x80U | (p >> shift & 0x3FU)); };
  if (p < 0x80) {
    text += static_cast<char>(p);
  } else if (p < 0x800) {
    text += static_cast<char>(0xC0U | p >> 6), tail(0);
  } else if (p < 0x10000) {
    text += static_cast<char>(0xE0U | p >> 12), tail(6), tail(0);
  } else {
    text += static_cast<char>(0xF0U | p >> 18), tail(12), tail(6), tail(0);
  }
}

}  // namespace xgrad::data::detail
