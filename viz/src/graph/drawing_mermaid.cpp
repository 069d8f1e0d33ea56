// drawing_mermaid.cpp: a drawing as a flowchart of Mermaid.
#include "graph/drawing.hpp"

#include <map>

#include <fmt/format.h>

#include "text.hpp"

namespace xgrad::viz {
namespace {

class MermaidWriter {
 public:
  explicit MermaidWriter(const Drawing& drawing) : drawing_(drawing) {}

  std::string text() {
    out_ = fmt::format("flowchart {}\n", drawing_.left_to_right ? "LR" : "TB");
    visit(
        drawing_, [this](std::size_t cluster) { begin(cluster); },
        [this](std::size_t box) { write(box); }, [this] { end(); });
    for (std::size_t a = 0; a < drawing_.arrows.size(); ++a) write(drawing_.arrows[a]);
    write_classes();
    write_arrow_styles();
    return out_;
  }

 private:
  void line(const std::string& text) { out_.append(2 * depth_, ' ').append(text).append("\n"); }

  void begin(std::size_t cluster) {
    const Cluster& c = drawing_.clusters[cluster];
    std::string label = mermaid_string(one_line(c.title, 100));
    if (!c.note.empty()) append(label, c.note);
    line(fmt::format("subgraph c{}[\"{}\"]", cluster, label));
    ++depth_;
  }
  void end() {
    --depth_;
    line("end");
  }

  static void append(std::string& label, const std::string& text) {
    if (!label.empty()) label += "<br/>";
    label += mermaid_string(one_line(text));
  }
  static std::string label_of(const Box& box) {
    std::string label =
        box.title.empty() ? "" : fmt::format("<b>{}</b>", mermaid_string(one_line(box.title)));
    for (const auto* lines : {&box.lines, &box.gradient, &box.warnings})
      for (const std::string& l : *lines) append(label, l);
    return label;
  }

  void write(std::size_t index) {
    const Box& box = drawing_.boxes[index];
    const bool round = box.kind == BoxKind::unit;
    line(
        fmt::format("n{}{}\"{}\"{}", index, round ? "((" : "[", label_of(box), round ? "))" : "]"));
    of_kind_[box.kind].push_back(index);
  }

  // -->, -.-> for gradients and views, --- for connections.
  void write(const Arrow& arrow) {
    const char* const line_of_kind = arrow.kind == ArrowKind::connection ? "---"
                                     : look_of(arrow.kind).dashed        ? "-.->"
                                                                         : "-->";
    std::string label;
    for (const std::string& l : arrow.label) append(label, l);
    if (!label.empty()) label = fmt::format("|\"{}\"|", label);
    line(fmt::format("n{} {}{} n{}", arrow.from, line_of_kind, label, arrow.to));
  }

  void write_classes() {
    for (const auto& [kind, boxes] : of_kind_) {
      const BoxLook look = look_of(kind);
      line(fmt::format("classDef {} fill:{},stroke:{},color:#1c2126{}", look.name, look.fill,
                       look.border, look.dashed ? ",stroke-dasharray:4 3" : ""));
      std::string names;
      for (const std::size_t b : boxes) names += fmt::format("{}n{}", names.empty() ? "" : ",", b);
      line(fmt::format("class {} {}", names, look.name));
    }
    for (std::size_t b = 0; b < drawing_.boxes.size(); ++b)
      if (const std::string& fill = drawing_.boxes[b].fill; !fill.empty())
        line(fmt::format("style n{} fill:{}", b, fill));
  }

  void write_arrow_styles() {
    for (std::size_t a = 0; a < drawing_.arrows.size(); ++a) {
      const Arrow& arrow = drawing_.arrows[a];
      const bool plain = arrow.kind == ArrowKind::value || arrow.kind == ArrowKind::view;
      if (plain && arrow.color.empty() && arrow.width == 1) continue;
      line(fmt::format("linkStyle {} stroke:{},stroke-width:{:.2f}px", a,
                       arrow.color.empty() ? look_of(arrow.kind).color : arrow.color, arrow.width));
    }
  }

  const Drawing& drawing_;
  std::map<BoxKind, std::vector<std::size_t>> of_kind_;
  std::string out_;
  std::size_t depth_ = 1;
};

}  // namespace

std::string mermaid_text(const Drawing& drawing) { return MermaidWriter(drawing).text(); }

}  // namespace xgrad::viz
