// text.hpp: names and other texts of any bytes, as each format takes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace xgrad::viz {

/// The text as valid UTF-8 in one line. What is no UTF-8, and what would change the direction of
/// the text, becomes U+FFFD; a line break becomes "\n" and another control character "\x1b", as in
/// C. A text without a visible character is put in quotes. Of more than `longest` characters, the
/// middle is left out.
std::string one_line(std::string_view text, std::size_t longest = 60);

/// A clean text for HTML, XML and the labels of Graphviz that are like HTML.
std::string html_text(std::string_view clean);
/// A clean text for a string in quotes in the language of Graphviz.
std::string dot_string(std::string_view clean);
/// A clean text for a string in quotes in Mermaid.
std::string mermaid_string(std::string_view clean);

/// Lines of up to `width` characters, broken after commas that are not in parentheses.
std::vector<std::string> wrapped(const std::string& text, std::size_t width);

}  // namespace xgrad::viz
