#include "graph/svg_text.hpp"

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

// A title in the colour of its frame's letters, with a rim in that of the frame.
std::string rimmed(std::string_view line, std::string_view fill) {
  return fmt::format(
      "<text stroke=\"{}\" stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\"{}",
      fill, line.substr(5));
}

class SvgReader {
 public:
  std::string read(std::string_view svg) {
    for (std::size_t at = 0; at < svg.size();) {
      const std::size_t end = std::min(svg.find('\n', at), svg.size());
      read_line(svg.substr(at, end - at));
      at = end + 1;
    }
    return std::move(out_);
  }

 private:
  enum class In { graph, node, cluster };

  void read_line(std::string_view line) {
    if (line.starts_with("<g ") && line.find(" class=\"") != std::string_view::npos) begin(line);
    if (in_ == In::node && !middle_) middle_ = middle_of(line);
    if (in_ == In::cluster && fill_.empty()) fill_ = attribute(line, " fill=\"");
    if (in_ == In::cluster && line.starts_with("<text ")) {
      titles_ += rimmed(line, fill_) + "\n";
      return;
    }
    if (line == "</svg>") insert_titles();
    out_ += (in_ == In::node && middle_ ? anchored(line, *middle_) : std::string(line)) + "\n";
  }
  void begin(std::string_view line) {
    const std::string_view kind = attribute(line, " class=\"");
    in_ = kind == "node" ? In::node : kind == "cluster" ? In::cluster : In::graph;
    middle_.reset();
    fill_ = {};
  }
  // Into the group of the whole graph, which is the last to close.
  void insert_titles() {
    if (const std::size_t at = out_.rfind("</g>"); at != std::string::npos)
      out_.insert(at, titles_);
  }

  std::string out_, titles_;
  In in_ = In::graph;
  std::optional<double> middle_;  // of the node's box
  std::string_view fill_;         // of the cluster
};

}  // namespace

std::string legible_svg(const std::string& svg) { return SvgReader().read(svg); }

}  // namespace xgrad::viz
