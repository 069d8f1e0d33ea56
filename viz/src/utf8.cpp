#include "utf8.hpp"

namespace xgrad::viz {
namespace {

constexpr char32_t replacement = 0xfffd;

// The code point at the beginning of the text, which it takes off; 0xfffd for a byte that begins
// none. Overlong forms and surrogates are no UTF-8.
char32_t next_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : 4;
  constexpr unsigned masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  bool valid = (first < 0x80 || first >= 0xc2) && first < 0xf5 && text.size() >= length;
  char32_t code = first & masks[length];
  for (std::size_t i = 1; valid && i < length; ++i) {
    valid = byte(i) >> 6 == 2;
    code = code << 6 | (byte(i) & 0x3f);
  }
  valid = valid && code >= smallest[length] && code <= 0x10ffff && !(code >> 11 == 0x1b);
  text.remove_prefix(valid ? length : 1);
  return valid ? code : replacement;
}

// No character, or one that XML does not have, or one that turns the direction of what follows.
bool is_unfit(char32_t c) {
  return (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || (c & 0xfffe) == 0xfffe || c == 0xfeff;
}

}  // namespace

char32_t next_character(std::string_view& text) {
  const char32_t code = next_code_point(text);
  return is_unfit(code) ? replacement : code;
}

bool is_control(char32_t character) { return character < 0x20 || character == 0x7f; }

std::size_t count_characters(std::string_view text) {
  std::size_t n = 0;
  for (; !text.empty(); ++n) next_character(text);
  return n;
}

std::string utf8(char32_t character) {
  const auto tail = [&](int shift) {
    return static_cast<char>(0x80 | (character >> shift & 0x3f));
  };
  if (character < 0x80) return {static_cast<char>(character)};
  if (character < 0x800) return {static_cast<char>(0xc0 | character >> 6), tail(0)};
  if (character < 0x10000) return {static_cast<char>(0xe0 | character >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | character >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace xgrad::viz
