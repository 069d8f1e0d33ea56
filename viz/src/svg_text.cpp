#include "svg_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace xgrad::viz {
namespace {

// The numbers of an attribute such as d="M1,2C3,4" or points="1,2 3,4".
std::vector<double> numbers_in(std::string_view text) {
  std::vector<double> numbers;
  for (std::size_t at = 0; at < text.size();) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    if (error == std::errc()) numbers.push_back(number);
    at = error == std::errc() ? static_cast<std::size_t>(end - text.data()) : at + 1;
  }
  return numbers;
}

std::string_view attribute(std::string_view line, std::string_view name) {
  const std::size_t at = line.find(name);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + name.size();
  return line.substr(begin, line.find('"', begin) - begin);
}

// The middle of a box's outline, if the line draws one.
std::optional<double> middle_of(std::string_view line) {
  if (line.starts_with("<ellipse")) return numbers_in(attribute(line, " cx=\"")).at(0);
  if (!line.starts_with("<path") && !line.starts_with("<polygon")) return {};
  const std::vector<double> xy =
      numbers_in(attribute(line, line.starts_with("<path") ? " d=\"" : " points=\""));
  if (xy.size() < 2) return {};
  double low = xy[0], high = xy[0];
  for (std::size_t i = 0; i < xy.size(); i += 2) {
    low = std::min(low, xy[i]);
    high = std::max(high, xy[i]);
  }
  return (low + high) / 2;
}

// <text text-anchor="start" x="1" y="2" ...
std::string anchored(std::string_view line, double middle) {
  constexpr std::string_view start = "<text text-anchor=\"start\" x=\"";
  if (!line.starts_with(start)) return std::string(line);
  const std::size_t end = line.find('"', start.size());
  return fmt::format("<text text-anchor=\"middle\" x=\"{:.2f}{}", middle, line.substr(end));
}

}  // namespace

std::string centred_text(const std::string& svg) {
  std::string all;
  bool in_node = false;
  std::optional<double> middle;
  for (std::size_t at = 0; at < svg.size();) {
    const std::size_t end = std::min(svg.find('\n', at), svg.size());
    const std::string_view line = std::string_view(svg).substr(at, end - at);
    if (line.starts_with("<g ")) {
      in_node = line.find("class=\"node\"") != std::string_view::npos;
      middle.reset();
    }
    if (in_node && !middle) middle = middle_of(line);
    all += in_node && middle ? anchored(line, *middle) : std::string(line);
    if (end < svg.size()) all += '\n';
    at = end + 1;
  }
  return all;
}

}  // namespace xgrad::viz
