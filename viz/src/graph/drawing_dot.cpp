// drawing_dot.cpp: a drawing in the language of Graphviz.
#include "graph/drawing.hpp"

#include <fmt/format.h>

#include "text.hpp"

namespace xgrad::viz {
namespace {

class DotWriter {
 public:
  explicit DotWriter(const Drawing& drawing) : drawing_(drawing) {}

  std::string text() {
    out_ = "digraph xgrad {\n";
    write_defaults();
    visit(
        drawing_, [this](std::size_t cluster) { begin(cluster); },
        [this](std::size_t box) { write(box); }, [this] { end(); });
    for (const Arrow& arrow : drawing_.arrows) write(arrow);
    return out_ + "}\n";
  }

 private:
  void line(const std::string& text) { out_.append(2 * depth_, ' ').append(text).append("\n"); }

  void write_defaults() {
    line(fmt::format(
        "graph [rankdir={}, fontname=\"Helvetica\", fontsize=11, nodesep=0.3, "
        "ranksep=0.4, bgcolor=\"#ffffff\", labelloc=b{}]",
        drawing_.left_to_right ? "LR" : "TB",
        drawing_.positioned ? ", layout=neato, splines=line, outputorder=edgesfirst" : ""));
    if (!drawing_.caption.empty())
      line(fmt::format("graph [label=\"{}\", fontcolor=\"#55606b\"]",
                       dot_string(one_line(drawing_.caption, 400))));
    line(
        "node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11, "
        "margin=\"0.12,0.06\", height=0.3]");
    line("edge [fontname=\"Helvetica\", fontsize=10, arrowsize=0.7]");
  }

  void begin(std::size_t cluster) {
    const Cluster& c = drawing_.clusters[cluster];
    line(fmt::format("subgraph cluster_{} {{", cluster));
    ++depth_;
    std::string label = fmt::format("<b>{}</b>", html_text(one_line(c.title, 100)));
    if (!c.note.empty()) label += "<br align=\"left\"/>" + html_text(one_line(c.note));
    line(
        fmt::format("graph [label=<{}<br align=\"left\"/>>, fontcolor=\"#1c2126\", labelloc=t, "
                    "labeljust=l, style=\"rounded,filled\", fillcolor=\"{}\", color=\"{}\", "
                    "penwidth={}]",
                    label, c.repeated ? "#fbf6ea" : "#f3f0fa", c.repeated ? "#b97700" : "#b6a8d8",
                    c.repeated ? 2 : 1));
  }
  void end() {
    --depth_;
    line("}");
  }

  static void append(std::string& label, const std::string& text, const char* color) {
    if (!label.empty()) label += "<br/>";
    label += color == nullptr
                 ? html_text(one_line(text))
                 : fmt::format("<font color=\"{}\">{}</font>", color, html_text(one_line(text)));
  }
  static std::string label_of(const Box& box) {
    std::string label =
        box.title.empty() ? "" : fmt::format("<b>{}</b>", html_text(one_line(box.title)));
    for (const std::string& l : box.lines) append(label, l, nullptr);
    for (const std::string& l : box.gradient) append(label, l, gradient_color);
    for (const std::string& l : box.warnings) append(label, l, look_of(ArrowKind::changed).color);
    return label;
  }

  void write(std::size_t index) {
    const Box& box = drawing_.boxes[index];
    const BoxLook look = look_of(box.kind);
    std::string more;
    if (box.kind == BoxKind::text)
      more += fmt::format(", shape=plaintext, style={}, margin=\"0.02,0.01\", width=0, height=0",
                          box.fill.empty() ? "\"\"" : "filled");
    if (box.kind == BoxKind::unit)
      more += fmt::format(", shape=circle, style=filled, width=0.5, fixedsize={}",
                          box.title.size() > 4 ? "false" : "true");
    if (look.dashed) more += ", style=\"rounded,filled,dashed\"";
    if (drawing_.positioned) more += fmt::format(", pos=\"{:.3f},{:.3f}!\"", box.x, box.y);
    line(fmt::format("n{} [label=<{}>, tooltip=\"{}\", fillcolor=\"{}\", color=\"{}\"{}]", index,
                     label_of(box), dot_string(one_line(box.title)),
                     box.fill.empty() ? look.fill : box.fill, look.border, more));
  }

  void write(const Arrow& arrow) {
    const ArrowLook look = look_of(arrow.kind);
    const bool back = arrow.kind == ArrowKind::gradient;  // keeps the order of the values' arrow
    std::string label;
    for (const std::string& l : arrow.label)
      label += (label.empty() ? "\u00a0" : "\\n\u00a0") + dot_string(one_line(l));
    std::string more;
    if (!label.empty()) more += fmt::format(", label=\"{}\", fontcolor=\"{}\"", label, look.color);
    if (look.dashed) more += ", style=dashed";
    if (back) more += ", dir=back";
    if (arrow.kind == ArrowKind::connection) more += ", dir=none";
    if (arrow.width != 1) more += fmt::format(", penwidth={:.2f}", arrow.width);
    line(fmt::format("n{} -> n{} [color=\"{}\"{}]", back ? arrow.to : arrow.from,
                     back ? arrow.from : arrow.to, arrow.color.empty() ? look.color : arrow.color,
                     more));
  }

  const Drawing& drawing_;
  std::string out_;
  std::size_t depth_ = 1;
};

}  // namespace

std::string dot_text(const Drawing& drawing) { return DotWriter(drawing).text(); }

}  // namespace xgrad::viz
