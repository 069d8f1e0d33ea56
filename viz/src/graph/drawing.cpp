#include "graph/drawing.hpp"

namespace xgrad::viz {

BoxLook look_of(BoxKind kind) {
  switch (kind) {
    case BoxKind::op:
      return {"op", "#f7f8fa", "#6b7785"};
    case BoxKind::parameter:
      return {"parameter", "#dceafa", "#2f6db0"};
    case BoxKind::input:
      return {"input", "#e3f2e4", "#3c8d40"};
    case BoxKind::constant:
      return {"constant", "#ffffff", "#9aa3ad"};
    case BoxKind::output:
      return {"output", "#fff0d2", "#b97700"};
    case BoxKind::module:
      return {"module", "#ece6f6", "#6a4fa3"};
    case BoxKind::recomputed:
      return {"recomputed", "#ffffff", "#b97700", true};
    case BoxKind::unit:
      return {"unit", "#ffffff", "#55606b"};
    case BoxKind::text:
      return {"text", "none", "none"};
  }
  return {"op", "#ffffff", "#000000"};
}

ArrowLook look_of(ArrowKind kind) {
  switch (kind) {
    case ArrowKind::value:
      return {"#55606b"};
    case ArrowKind::view:
      return {"#55606b", true};
    case ArrowKind::changed:
      return {"#d50000"};
    case ArrowKind::gradient:
      return {gradient_color, true};
    case ArrowKind::connection:
      return {"#55606b"};
  }
  return {"#000000"};
}

std::size_t Drawing::add_cluster(const std::string& title, std::size_t parent) {
  Cluster& cluster = clusters.emplace_back();
  cluster.title = title;
  cluster.parent = parent;
  return clusters.size() - 1;
}

// With a stack of its own: clusters may be deeply nested.
void visit(const Drawing& drawing, const std::function<void(std::size_t)>& begin,
           const std::function<void(std::size_t)>& box, const std::function<void()>& end) {
  std::vector<std::vector<std::size_t>> boxes(drawing.clusters.size()), inner(boxes.size());
  for (std::size_t b = 0; b < drawing.boxes.size(); ++b)
    boxes[drawing.boxes[b].cluster].push_back(b);
  for (std::size_t c = 1; c < drawing.clusters.size(); ++c)
    inner[drawing.clusters[c].parent].push_back(c);
  struct Level {
    std::size_t cluster, next = 0;
  };
  std::vector<Level> open{{0}};
  for (const std::size_t b : boxes[0]) box(b);
  while (!open.empty()) {
    const std::size_t cluster = open.back().cluster, next = open.back().next++;
    if (next < inner[cluster].size()) {
      open.push_back({inner[cluster][next]});
      begin(open.back().cluster);
      for (const std::size_t b : boxes[open.back().cluster]) box(b);
    } else {
      open.pop_back();
      if (cluster != 0) end();
    }
  }
}

}  // namespace xgrad::viz
