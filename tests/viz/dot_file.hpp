// dot_file.hpp: reads what the library writes in the language of Graphviz.
#pragma once

#include <algorithm>
#include <map>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

namespace xgrad::test {

/// Each line has to be one that the library writes; anything else is an error.
struct DotFile {
  struct Box {
    std::vector<std::string> lines;  // without markup, but with entities
    std::string attributes;
    int cluster = 0;
  };
  struct Arrow {
    std::string from, to;
    std::string attributes;
    std::vector<std::string> label;
    bool is_gradient() const { return attributes.find("dir=back") != std::string::npos; }
    bool is_view() const { return attributes.find("style=dashed") != std::string::npos; }
  };
  struct Cluster {
    std::string title;
    int parent = 0;
    std::string note = {};
  };
  std::map<std::string, Box> boxes;
  std::vector<Arrow> arrows;
  std::map<int, Cluster> clusters;
  std::string caption;

  explicit DotFile(const std::string& text) {
    std::size_t at = 0;
    if (next_line(text, at) != "digraph xgrad {") throw std::runtime_error("no digraph");
    while (at < text.size()) read(next_line(text, at));
    if (!closed_) throw std::runtime_error("the graph is not closed");
  }

  /// The name of the only box whose first line is the title.
  std::string box(const std::string& title) const {
    std::string found;
    for (const auto& [name, each] : boxes)
      if (!each.lines.empty() && each.lines[0] == title) {
        if (!found.empty()) throw std::runtime_error("two boxes '" + title + "'");
        found = name;
      }
    if (found.empty()) throw std::runtime_error("no box '" + title + "'");
    return found;
  }
  const Box& at(const std::string& title) const { return boxes.at(box(title)); }
  std::size_t count(const std::string& title) const {
    return static_cast<std::size_t>(
        std::count_if(boxes.begin(), boxes.end(), [&](const auto& each) {
          return !each.second.lines.empty() && each.second.lines[0] == title;
        }));
  }
  /// The titles of all boxes, sorted.
  std::vector<std::string> titles() const {
    std::vector<std::string> all;
    for (const auto& [name, each] : boxes) all.push_back(each.lines.at(0));
    std::sort(all.begin(), all.end());
    return all;
  }
  bool has(const std::string& title, const std::string& line) const {
    const std::vector<std::string>& lines = at(title).lines;
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  }
  /// "a -> b" for each arrow of a value, by title, sorted.
  std::vector<std::string> values() const { return by_title(false); }
  /// "b => a: label" for each arrow of a gradient, in the order of the file.
  std::vector<std::string> gradients() const { return by_title(true); }
  /// The titles of the clusters around a box, from the outside inwards.
  std::vector<std::string> frames(const std::string& title) const {
    std::vector<std::string> all;
    for (int c = at(title).cluster; c != 0; c = clusters.at(c).parent)
      all.insert(all.begin(), clusters.at(c).title);
    return all;
  }
  std::vector<std::string> cluster_titles() const {
    std::vector<std::string> all;
    for (const auto& [number, cluster] : clusters) all.push_back(cluster.title);
    std::sort(all.begin(), all.end());
    return all;
  }

 private:
  static std::string next_line(const std::string& text, std::size_t& at) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::size_t begin = std::min(text.find_first_not_of(' ', at), end);
    at = end + 1;
    return text.substr(begin, end - begin);
  }
  static std::vector<std::string> lines_of(std::string label) {
    label = std::regex_replace(label, std::regex("</?(b|font)( [^>]*)?>"), "");
    std::vector<std::string> lines;
    for (std::size_t at = 0; at <= label.size();) {
      const std::size_t end = std::min(label.find("<br/>", at), label.size());
      lines.push_back(label.substr(at, end - at));
      at = end + 5;
    }
    for (const std::string& line : lines)
      if (line.find('<') != std::string::npos) throw std::runtime_error("markup in " + line);
    return lines;
  }
  // Each line begins with a space that keeps it off the arrow.
  static std::vector<std::string> arrow_lines(const std::string& label) {
    const std::string space = "\u00a0";
    std::vector<std::string> lines;
    for (std::size_t at = 0; at <= label.size();) {
      const std::size_t end = std::min(label.find("\\n" + space, at), label.size());
      std::string one = label.substr(at, end - at);
      if (at == 0 && !one.starts_with(space)) throw std::runtime_error("no space: " + one);
      lines.push_back(at == 0 ? one.substr(space.size()) : one);
      at = end + 2 + space.size();
    }
    return lines;
  }

  void read(const std::string& line) {
    static const std::regex box("(n\\d+) \\[label=<(.*)>, tooltip=(.*)\\]");
    static const std::regex arrow(
        "(n\\d+) -> (n\\d+) \\[color=\"[^\"]*\"(?:, label=\"(.*)\", fontcolor=\"[^\"]*\")?(.*)\\]");
    static const std::regex begin("subgraph cluster_(\\d+) \\{");
    static const std::regex title(
        "graph \\[label=<<b>(.*)</b>(?:<br align=\"left\"/>(.*))?<br align=\"left\"/>>, .*\\]");
    static const std::regex caption_line("graph \\[label=\"(.*)\", fontcolor=\"#55606b\"\\]");
    static const std::regex defaults("(graph|node|edge) \\[[^<]*\\]");
    std::smatch m;
    if (closed_) throw std::runtime_error("after the end: " + line);
    if (line == "}") {
      closed_ = inside_ == 0;
      if (!closed_) inside_ = clusters.at(inside_).parent;
    } else if (std::regex_match(line, m, begin)) {
      const int number = std::stoi(m[1]);
      if (!clusters.try_emplace(number, Cluster{"", inside_}).second)
        throw std::runtime_error("a cluster twice");
      inside_ = number;
    } else if (inside_ != 0 && std::regex_match(line, m, title)) {
      clusters.at(inside_).title = m[1];
      clusters.at(inside_).note = m[2];
    } else if (std::regex_match(line, m, arrow)) {
      arrows.push_back(
          {m[1], m[2], m[4], m[3].matched ? arrow_lines(m[3]) : std::vector<std::string>()});
      if (arrows.back().is_gradient()) std::swap(arrows.back().from, arrows.back().to);
    } else if (std::regex_match(line, m, box)) {
      if (!boxes.try_emplace(m[1], Box{lines_of(m[2]), m[3], inside_}).second)
        throw std::runtime_error("a box twice");
    } else if (std::regex_match(line, m, caption_line)) {
      caption = m[1];
    } else if (!std::regex_match(line, defaults)) {
      throw std::runtime_error("what is this line? " + line);
    }
  }

  std::vector<std::string> by_title(bool gradient) const {
    std::vector<std::string> all;
    for (const Arrow& arrow : arrows) {
      if (arrow.is_gradient() != gradient) continue;
      std::string text = boxes.at(arrow.from).lines.at(0) + (gradient ? " => " : " -> ") +
                         boxes.at(arrow.to).lines.at(0);
      if (gradient)
        for (const std::string& l : arrow.label) text += (l == arrow.label[0] ? ": " : ", ") + l;
      all.push_back(text);
    }
    if (!gradient) std::sort(all.begin(), all.end());
    return all;
  }

  bool closed_ = false;
  int inside_ = 0;
};

}  // namespace xgrad::test
