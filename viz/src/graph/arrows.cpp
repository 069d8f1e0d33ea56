#include "graph/arrows.hpp"

#include <utility>

#include <xgrad/graph/number_text.hpp>

#include "graph/labels.hpp"

namespace xgrad::viz {

void Arrows::add(Arrow arrow) {
  known_.try_emplace({arrow.from, arrow.to, arrow.kind == ArrowKind::gradient}, arrows_.size());
  arrows_.push_back(std::move(arrow));
}

std::size_t Arrows::add_once(std::size_t from, std::size_t to, ArrowKind kind) {
  const auto [at, is_new] =
      known_.try_emplace({from, to, kind == ArrowKind::gradient}, arrows_.size());
  if (is_new) arrows_.push_back({from, to, kind, {}, {}, 1});
  return at->second;
}

namespace {

ArrowKind kind_of(const GraphInput& input) {
  if (input.changed) return ArrowKind::changed;
  return input.view ? ArrowKind::view : ArrowKind::value;
}

void warn(Box& box, const GraphNode& node) {
  if (!box.warnings.empty()) return;
  const std::string site = site_text(node.node->storage->changed);
  box.warnings.push_back("changed in place after it was saved" +
                         (site.empty() ? "" : " (" + site + ")"));
}

class ValueArrows {
 public:
  ValueArrows(const GraphPlan& plan, Drawing& drawing, Arrows& arrows)
      : plan_(plan), drawing_(drawing), arrows_(arrows) {}

  // First those between nodes that are drawn themselves.
  void draw() {
    for (const bool hidden : {false, true})
      for (std::size_t p = 0; p < plan_.graph.nodes.size(); ++p)
        for (const GraphInput& input : plan_.graph.nodes[p].inputs)
          if (hidden == plan_.is_hidden(input.from, p)) draw(input, p, hidden);
    if (plan_.grouping.by_place) label_counts();
  }

 private:
  void draw(const GraphInput& input, std::size_t to, bool hidden) {
    const std::size_t a = plan_.grouping.of_part[input.from], b = plan_.grouping.of_part[to];
    if (a == b || (hidden && plan_.shown[input.from] >= plan_.shown[to])) return;
    if (input.changed && !hidden) warn(drawing_.boxes[a], plan_.graph.nodes[input.from]);
    if (!hidden && is_one(a) && is_one(b))
      arrows_.add({a, b, kind_of(input), {}, {}, 1});
    else
      ++counts_[arrows_.add_once(a, b, ArrowKind::value)];
  }
  bool is_one(std::size_t group) const { return plan_.grouping.groups[group].parts == 1; }

  void label_counts() {
    for (const auto& [arrow, count] : counts_)
      if (count > 1) drawing_.arrows[arrow].label = {"× " + detail::grouped(count)};
  }

  const GraphPlan& plan_;
  Drawing& drawing_;
  Arrows& arrows_;
  std::map<std::size_t, std::int64_t> counts_;  // how many values an arrow stands for
};

}  // namespace

void draw_values(const GraphPlan& plan, Drawing& drawing, Arrows& arrows) {
  ValueArrows(plan, drawing, arrows).draw();
}

}  // namespace xgrad::viz
