#include "text.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "utf8.hpp"

namespace xgrad::viz {
namespace {

std::string shown(char32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '\r') return "\\r";
  return is_control(c) ? fmt::format("\\x{:02x}", static_cast<unsigned>(c)) : utf8(c);
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
  while (!text.empty()) characters.push_back(shown(next_character(text)));
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

}  // namespace xgrad::viz
