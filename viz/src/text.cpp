#include "text.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

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

std::string utf8(char32_t code) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)};
}

// No character, or one that XML does not have, or one that turns the direction of what follows.
bool is_unfit(char32_t c) {
  return (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || (c & 0xfffe) == 0xfffe || c == 0xfeff;
}

std::string shown(char32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '\r') return "\\r";
  if (c < 0x20 || c == 0x7f) return fmt::format("\\x{:02x}", static_cast<unsigned>(c));
  return utf8(is_unfit(c) ? replacement : c);
}

bool is_blank(const std::vector<std::string>& characters) {
  return std::all_of(characters.begin(), characters.end(),
                     [](const std::string& c) { return c == " " || c == "\u00a0"; });
}

// The place behind the next comma that is not in parentheses, and its space.
std::size_t end_of_item(const std::string& text, std::size_t at) {
  for (int depth = 0; at < text.size(); ++at) {
    depth += (text[at] == '(') - (text[at] == ')');
    if (depth <= 0 && text.compare(at, 2, ", ") == 0) return at + 2;
  }
  return text.size();
}

template <class F>
std::string replaced(std::string_view text, const F& by) {
  std::string all;
  for (const char c : text) all += by(c);
  return all;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t longest) {
  std::vector<std::string> characters;
  while (!text.empty()) characters.push_back(shown(next_code_point(text)));
  const std::size_t n = characters.size();
  const std::size_t head = n <= longest ? n : longest / 2;
  const std::size_t tail = n <= longest ? n : n - (longest - head - 1);
  std::string line;
  for (std::size_t i = 0; i < head; ++i) line += characters[i];
  if (tail < n) line += "…";
  for (std::size_t i = tail; i < n; ++i) line += characters[i];
  return is_blank(characters) ? "'" + line + "'" : line;
}

std::string html_text(std::string_view clean) {
  return replaced(clean, [](char c) {
    switch (c) {
      case '&':
        return std::string("&amp;");
      case '<':
        return std::string("&lt;");
      case '>':
        return std::string("&gt;");
      case '"':
        return std::string("&quot;");
      default:
        return std::string(1, c);
    }
  });
}

// Graphviz takes "&amp;" and "\N" in strings for something else, so both signs are written out.
std::string dot_string(std::string_view clean) {
  return replaced(clean, [](char c) {
    if (c == '"') return std::string("\\\"");
    if (c == '\\') return std::string("\\\\");
    if (c == '&') return std::string("&amp;");
    return std::string(1, c);
  });
}

// Mermaid decodes "#60;" to a character after it has read the diagram.
std::string mermaid_string(std::string_view clean) {
  return replaced(clean, [](char c) {
    const bool plain = static_cast<unsigned char>(c) >= 0x80 || std::isalnum(c) != 0 ||
                       std::string_view(" .,:+-=()/'[]").find(c) != std::string_view::npos;
    return plain ? std::string(1, c) : fmt::format("#{};", static_cast<int>(c));
  });
}

std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
  std::vector<std::string> lines{""};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_item(text, at);
    if (!lines.back().empty() && lines.back().size() + end - at > width + 1) {
      lines.back().pop_back();  // the space
      lines.emplace_back();
    }
    lines.back() += text.substr(at, end - at);
    at = end;
  }
  return lines;
}

std::string grouped(std::int64_t n) {
  std::string text = std::to_string(n);
  const std::ptrdiff_t first = n < 0 ? 1 : 0;
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > first; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ',');
  return text;
}

std::string in_bytes(std::int64_t n) {
  const auto of = [n](double unit) { return static_cast<double>(n) / unit; };
  if (n < 1 << 10) return fmt::format("{} B", n);
  if (n < 1 << 20) return fmt::format("{:.1f} KiB", of(1 << 10));
  if (n < 1 << 30) return fmt::format("{:.1f} MiB", of(1 << 20));
  return fmt::format("{:.2f} GiB", of(1 << 30));
}

}  // namespace xgrad::viz
