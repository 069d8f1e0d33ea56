// text.hpp: C++ text taken apart, as far as the generators need it.
#pragma once

#include <string>
#include <vector>

namespace xgrad::codegen {

inline std::string trimmed(const std::string& s) {
  const auto first = s.find_first_not_of(" \t\n"), last = s.find_last_not_of(" \t\n");
  return first == std::string::npos ? "" : s.substr(first, last - first + 1);
}

inline bool opens(char c) { return c == '(' || c == '[' || c == '{'; }
inline bool closes(char c) { return c == ')' || c == ']' || c == '}'; }

/// Cut at a separator that no bracket encloses.
inline std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    if (opens(c)) ++depth;
    if (closes(c)) --depth;
    if (c == separator && depth == 0)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  for (std::string& p : parts) p = trimmed(p);
  return parts;
}

/// Where the bracket closes that opens at `open`.
inline std::size_t closing(const std::string& text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (opens(text[at])) ++depth;
    if (closes(text[at]) && --depth == 0) return at;
  }
  return std::string::npos;
}

inline std::string quoted(const std::string& text) {
  std::string q = "\"";
  for (const char c : text) q += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return q + '"';
}

inline std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& p : parts) all += all.empty() ? p : ", " + p;
  return all;
}

}  // namespace xgrad::codegen
