#include "graph/gradients.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "graph/labels.hpp"
#include "graph/sweep.hpp"

namespace xgrad::viz {
namespace {

class GradientDrawer {
 public:
  GradientDrawer(const GraphPlan& plan, const GraphSweep& sweep, Drawing& drawing, Arrows& arrows)
      : plan_(plan), sweep_(sweep), drawing_(drawing), arrows_(arrows) {}

  void draw_visits() {
    for (std::size_t p = 0; p < count(); ++p)
      if (plan_.shows_numbers(p))
        GraphLabels::add_visit(drawing_.boxes[group_of(p)], sweep_.visits[p],
                               plan_.graph.nodes[p].is_leaf());
  }

  // In the boxes of modules.
  void draw_ranges() {
    for (const auto& [group, range] : ranges())
      drawing_.boxes[group].gradient.push_back(
          fmt::format("steps {} to {}", range.first, range.second));
  }

  void draw_recomputed(const GraphLabels& labels) {
    if (sweep_.recomputed.empty()) return;
    const std::size_t cluster = drawing_.add_cluster("computed again by the backward pass", 0);
    for (std::size_t k = 0; k < sweep_.recomputed.size(); ++k) {
      Box box = labels.recomputed(sweep_.recomputed[k]);
      box.cluster = cluster;
      GraphLabels::add_visit(box, sweep_.visits[count() + k], false);
      drawing_.boxes.push_back(std::move(box));
    }
  }

  void draw_passes() {
    for (const SweepPass& pass : sweep_.passes) draw(pass);
  }

 private:
  std::size_t count() const { return plan_.graph.nodes.size(); }
  std::size_t group_of(std::size_t node) const { return plan_.grouping.of_part[node]; }

  // The first and last steps of the sweep within each group that stands for one module.
  std::map<std::size_t, std::pair<std::size_t, std::size_t>> ranges() const {
    std::map<std::size_t, std::pair<std::size_t, std::size_t>> found;
    for (std::size_t p = 0; p < count(); ++p) {
      const std::size_t number = sweep_.visits[p].number;
      if (number == 0 || !is_in_module(p)) continue;
      auto& [first, last] = found.try_emplace(group_of(p), number, number).first->second;
      first = std::min(first, number);
      last = std::max(last, number);
    }
    return found;
  }
  // An op in the box of a module that does not stand for others.
  bool is_in_module(std::size_t node) const {
    const std::size_t cluster = plan_.grouping.groups[group_of(node)].cluster;
    return cluster != 0 && !plan_.graph.nodes[node].is_leaf() &&
           !plan_.outline.outline.is_repeated(cluster);
  }

  void draw(const SweepPass& pass) {
    const std::size_t a = box_of(pass.from), b = box_of(pass.to);
    if (a == b) return;
    if (shows(pass.from) && shows(pass.to))
      arrows_.add({a, b, ArrowKind::gradient, pass.label, {}, 1});
    else if (!is_backwards(pass))
      arrows_.add_once(a, b, ArrowKind::gradient);
  }
  // Nodes that were computed again come after those of the graph, as their boxes do.
  std::size_t box_of(std::size_t node) const {
    return node < count() ? group_of(node) : plan_.grouping.groups.size() + node - count();
  }
  bool shows(std::size_t node) const { return node >= count() || plan_.shows_numbers(node); }
  // From one of a run to the one before, which are drawn as one.
  bool is_backwards(const SweepPass& pass) const {
    return pass.from < count() && pass.to < count() && plan_.is_hidden(pass.from, pass.to) &&
           plan_.shown[pass.from] <= plan_.shown[pass.to];
  }

  const GraphPlan& plan_;
  const GraphSweep& sweep_;
  Drawing& drawing_;
  Arrows& arrows_;
};

}  // namespace

std::size_t draw_gradients(const GraphPlan& plan, const GraphOptions& options, Drawing& drawing,
                           Arrows& arrows, Site site) {
  const auto is_shown = [&plan](std::size_t node) { return plan.shows_numbers(node); };
  const GraphSweep sweep = trace_graph(plan.graph, options, is_shown, site);
  GradientDrawer drawer(plan, sweep, drawing, arrows);
  drawer.draw_visits();
  drawer.draw_ranges();
  drawer.draw_recomputed(GraphLabels(plan.names, options, plan.usual()));
  drawer.draw_passes();
  return sweep.steps;
}

}  // namespace xgrad::viz
