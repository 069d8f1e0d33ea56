// drawing.hpp: what stands in a picture of a graph, before it is written in a format.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace xgrad::viz {

enum class BoxKind { op, parameter, input, constant, output, module, recomputed, unit, text };
enum class ArrowKind { value, view, changed, gradient, connection };

/// A box, or a circle for a unit. All texts of a drawing are as they came, of any bytes.
struct Box {
  BoxKind kind = BoxKind::op;
  std::string title;                  ///< shown in bold
  std::vector<std::string> lines;     ///< below the title
  std::vector<std::string> gradient;  ///< below these, in the colour of the backward pass
  std::vector<std::string> warnings;  ///< in red, at the end
  std::size_t cluster = 0;
  std::string fill;     ///< as "#ffffff"; empty for the colour of the kind
  double x = 0, y = 0;  ///< the centre, in inches, upwards; only in drawings with positions
};

inline Box make_box(BoxKind kind, std::string title, std::vector<std::string> lines = {}) {
  Box box;
  box.kind = kind;
  box.title = std::move(title);
  box.lines = std::move(lines);
  return box;
}

/// An arrow between two boxes. That of a gradient points against the one of the value.
struct Arrow {
  std::size_t from = 0, to = 0;
  ArrowKind kind = ArrowKind::value;
  std::vector<std::string> label;
  std::string color;  ///< as "#000000"; empty for the colour of the kind
  double width = 1;   ///< in points
};

/// A frame around boxes and other clusters.
struct Cluster {
  std::string title;
  std::string note;  ///< below the title
  std::size_t parent = 0;
  bool repeated = false;  ///< stands for several that are equal
};

struct Drawing {
  /// Adds a cluster and gives its number.
  std::size_t add_cluster(const std::string& title, std::size_t parent);

  std::string caption;
  std::vector<Cluster> clusters{1};  ///< the first one is the whole drawing
  std::vector<Box> boxes;
  std::vector<Arrow> arrows;
  bool left_to_right = false;  ///< otherwise from top to bottom
  bool positioned = false;     ///< boxes stand where they say
};

/// How the kinds look in every format.
struct BoxLook {
  const char* name;  ///< of the class in Mermaid
  const char* fill;
  const char* border;
  bool dashed = false;
};
BoxLook look_of(BoxKind kind);
struct ArrowLook {
  const char* color;
  bool dashed = false;
};
ArrowLook look_of(ArrowKind kind);
inline constexpr const char* gradient_color = "#b3261e";

/// Visits all boxes, those of a cluster between `begin(cluster)` and `end()`. Its inner clusters
/// come after its boxes.
void visit(const Drawing& drawing, const std::function<void(std::size_t cluster)>& begin,
           const std::function<void(std::size_t box)>& box, const std::function<void()>& end);

/// The drawing in the language of Graphviz.
std::string dot_text(const Drawing& drawing);
/// The drawing as a flowchart of Mermaid. Positions are left out.
std::string mermaid_text(const Drawing& drawing);

}  // namespace xgrad::viz
