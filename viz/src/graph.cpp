#include <xgrad/viz/graph.hpp>

#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>

#include "checks.hpp"
#include "drawing.hpp"
#include "graph_frames.hpp"
#include "graph_labels.hpp"
#include "graph_nodes.hpp"
#include "graph_outline.hpp"
#include "graph_sweep.hpp"
#include "text.hpp"

namespace xgrad::viz {
namespace {

constexpr const char* caller = "viz::graph";

void check(const TensorList& outputs, const GraphOptions& options, Site site) {
  if (outputs.empty())
    throw ValueError(fmt::format("{}: there is no output; pass at least one tensor", caller), site);
  if (options.backward && outputs.size() > 1)
    throw ValueError(fmt::format("{}: a backward pass starts at one output, but there are {}; "
                                 "pass their sum, or draw without `backward`",
                                 caller, outputs.size()),
                     site);
  constexpr double many = std::numeric_limits<std::int32_t>::max();
  const auto check_range = [&](const char* option, auto value, double low, double high) {
    check_within(caller, option, static_cast<double>(value), low, high, site);
  };
  check_range("max_elements", options.max_elements, 0, many);
  check_range("digits", options.digits, 1, 17);
  check_range("fold", options.fold, 0, many);
  check_range("depth", options.depth, -1, many);
  check_range("max_boxes", options.max_boxes, 1, many);
}

// Adds arrows between the same boxes once, and counts them.
class Arrows {
 public:
  explicit Arrows(std::vector<Arrow>& arrows) : arrows_(arrows) {}

  void add(Arrow arrow) {
    known_.try_emplace({arrow.from, arrow.to, arrow.kind == ArrowKind::gradient}, arrows_.size());
    arrows_.push_back(std::move(arrow));
  }
  // The number of the arrow, new or not.
  std::size_t add_once(std::size_t from, std::size_t to, ArrowKind kind) {
    const auto [at, is_new] =
        known_.try_emplace({from, to, kind == ArrowKind::gradient}, arrows_.size());
    if (is_new) arrows_.push_back({from, to, kind, {}, {}, 1});
    return at->second;
  }

 private:
  std::vector<Arrow>& arrows_;
  std::map<std::tuple<std::size_t, std::size_t, bool>, std::size_t> known_;
};

class GraphDrawer {
 public:
  GraphDrawer(const TensorList& outputs, const GraphOptions& options, Site site)
      : options_(options), site_(site), graph_(collect_nodes(caller, outputs, site)) {
    collect_names();
  }

  Drawing draw() {
    outline();
    Frames frames(outline_.outline, drawing_);
    Arrows arrows(drawing_.arrows);
    draw_groups(frames);
    draw_values(arrows);
    if (options_.backward) draw_sweep(frames, arrows);
    drawing_.left_to_right = options_.left_to_right;
    drawing_.caption = caption();
    return std::move(drawing_);
  }

 private:
  void collect_names() {
    if (options_.calls != nullptr) owners_.add(options_.calls->tensors());
    if (options_.model != nullptr) {
      owners_.add(options_.model->named_parameters());
      owners_.add(options_.model->named_buffers());
    }
    names_.add(options_.names);
    names_.add(owners_);
  }

  void outline() {
    const auto calls =
        options_.calls == nullptr ? std::vector<ModuleCalls::Call>() : options_.calls->calls();
    outline_ = outline_of(graph_, names_, owners_, calls);
    if (options_.fold > 0) {
      shown_ = fold_repeats(outline_.outline, static_cast<std::size_t>(options_.fold));
    } else {
      shown_.resize(graph_.nodes.size());
      std::iota(shown_.begin(), shown_.end(), std::size_t{0});
    }
    grouping_ = group_parts(outline_.outline, shown_, outline_.place,
                            {options_.whole_layers, options_.depth, options_.max_boxes});
  }

  // Boxes have the numbers of their groups.
  void draw_groups(Frames& frames) {
    usual_ = graph_.outputs[0].dtype();
    const GraphLabels labels(names_, options_, usual_);
    GraphOptions without_numbers = options_;
    without_numbers.values = without_numbers.gradients = false;
    const GraphLabels repeated(names_, without_numbers, usual_);
    for (const Group& group : grouping_.groups) {
      const bool plain = !frames.is_repeated(group.inside);
      Box box = group.cluster != 0 ? module_box(group, frames)
                : group.parts > 1  ? labels.box_of_several(graph_.nodes[group.part], group.parts)
                                   : (plain ? labels : repeated)
                                        .box(graph_.nodes[group.part], frames.module(group.inside));
      box.cluster = frames.of(group.inside);
      drawing_.boxes.push_back(std::move(box));
      is_single_.push_back(plain && group.cluster == 0 && group.parts == 1);
    }
    for (const Tensor& output : graph_.outputs) mark_output(graph_.index.at(&output.node()));
  }
  void mark_output(std::size_t node) {
    Box& box = drawing_.boxes[grouping_.of_part[node]];
    if (box.kind == BoxKind::op) box.kind = BoxKind::output;
  }

  Box module_box(const Group& group, const Frames& frames) const {
    Box box;
    box.kind = BoxKind::module;
    box.title = frames.title(group);
    std::int64_t ops = 0, parameters = 0;
    std::size_t result = group.part;
    const std::size_t at = static_cast<std::size_t>(&group - grouping_.groups.data());
    for (std::size_t p = 0; p < graph_.nodes.size(); ++p) {
      if (grouping_.of_part[p] != at || shown_[p] != p) continue;
      const detail::Node& node = *graph_.nodes[p].node;
      if (!node.is_leaf()) ++ops;
      if (node.is_leaf() && node.requires_grad()) parameters += node.shape.numel();
      if (!node.is_leaf() && !graph_.nodes[p].is_tuple()) result = p;
    }
    const detail::Node& node = *graph_.nodes[result].node;
    box.lines.push_back("gives " + labels_shape(node));
    if (parameters > 0) box.lines.push_back(grouped(parameters) + " parameters");
    if (ops > 1) box.lines.push_back(fmt::format("{} ops", grouped(ops)));
    return box;
  }
  std::string labels_shape(const detail::Node& node) const {
    return GraphLabels(names_, options_, usual_).shape_text(node.shape, node.dtype);
  }

  void draw_values(Arrows& arrows) {
    std::map<std::size_t, std::int64_t> counts;  // by arrow
    for (const bool hidden : {false, true})
      for (std::size_t p = 0; p < graph_.nodes.size(); ++p)
        for (const GraphInput& input : graph_.nodes[p].inputs)
          if (hidden == is_hidden(input.from, p)) draw_value(arrows, counts, input, p, hidden);
    if (!grouping_.by_place) return;
    for (const auto& [arrow, count] : counts)
      if (count > 1) drawing_.arrows[arrow].label = {"× " + grouped(count)};
  }
  // Whether a counterpart is drawn for one of them.
  bool is_hidden(std::size_t from, std::size_t to) const {
    return shown_[from] != from || shown_[to] != to;
  }
  void draw_value(Arrows& arrows, std::map<std::size_t, std::int64_t>& counts,
                  const GraphInput& input, std::size_t to, bool hidden) {
    const std::size_t a = grouping_.of_part[input.from], b = grouping_.of_part[to];
    if (a == b || (hidden && shown_[input.from] >= shown_[to])) return;
    const ArrowKind kind = input.changed ? ArrowKind::changed
                           : input.view  ? ArrowKind::view
                                         : ArrowKind::value;
    if (input.changed && !hidden) warn(a, graph_.nodes[input.from]);
    if (!hidden && grouping_.groups[a].parts == 1 && grouping_.groups[b].parts == 1)
      arrows.add({a, b, kind, {}, {}, 1});
    else
      ++counts[arrows.add_once(a, b, ArrowKind::value)];
  }
  void warn(std::size_t box, const GraphNode& node) {
    std::vector<std::string>& warnings = drawing_.boxes[box].warnings;
    if (!warnings.empty()) return;
    const std::string site = site_text(node.node->storage->changed);
    warnings.push_back("changed in place after it was saved" +
                       (site.empty() ? "" : " (" + site + ")"));
  }

  void draw_sweep(Frames& frames, Arrows& arrows) {
    const auto is_shown = [this](std::size_t node) {
      return shown_[node] == node && is_single_[grouping_.of_part[node]];
    };
    const GraphSweep sweep = trace_graph(graph_, options_, is_shown, site_);
    steps_ = sweep.steps;
    draw_visits(sweep, frames, is_shown);
    draw_recomputed(sweep);
    for (const SweepPass& pass : sweep.passes) draw_pass(arrows, pass, is_shown);
  }
  template <class IsShown>
  void draw_visits(const GraphSweep& sweep, const Frames& frames, const IsShown& is_shown) {
    std::map<std::size_t, std::pair<std::size_t, std::size_t>> ranges;  // of steps, by group
    for (std::size_t p = 0; p < graph_.nodes.size(); ++p) {
      const SweepVisit& visit = sweep.visits[p];
      const std::size_t group = grouping_.of_part[p];
      if (is_shown(p)) {
        GraphLabels::add_visit(drawing_.boxes[group], visit, graph_.nodes[p].is_leaf());
      } else if (visit.number > 0 && !graph_.nodes[p].is_leaf() &&
                 grouping_.groups[group].cluster != 0 &&
                 !frames.is_repeated(grouping_.groups[group].cluster)) {
        auto& [first, last] = ranges.try_emplace(group, visit.number, visit.number).first->second;
        first = std::min(first, visit.number);
        last = std::max(last, visit.number);
      }
    }
    for (const auto& [group, range] : ranges)
      drawing_.boxes[group].gradient.push_back(
          fmt::format("steps {} to {}", range.first, range.second));
  }
  void draw_recomputed(const GraphSweep& sweep) {
    if (sweep.recomputed.empty()) return;
    const std::size_t cluster = drawing_.add_cluster("computed again by the backward pass", 0);
    const GraphLabels labels(names_, options_, usual_);
    for (std::size_t k = 0; k < sweep.recomputed.size(); ++k) {
      Box box = labels.recomputed(sweep.recomputed[k]);
      box.cluster = cluster;
      GraphLabels::add_visit(box, sweep.visits[graph_.nodes.size() + k], false);
      drawing_.boxes.push_back(std::move(box));
    }
  }
  template <class IsShown>
  void draw_pass(Arrows& arrows, const SweepPass& pass, const IsShown& is_shown) {
    const std::size_t a = box_of(pass.from), b = box_of(pass.to);
    if (a == b) return;
    const auto is_drawn = [&](std::size_t n) { return n >= shown_.size() || is_shown(n); };
    if (is_drawn(pass.from) && is_drawn(pass.to))
      arrows.add({a, b, ArrowKind::gradient, pass.label, {}, 1});
    else if (!is_backwards(pass))
      arrows.add_once(a, b, ArrowKind::gradient);
  }
  std::size_t box_of(std::size_t node) const {
    const std::size_t n = graph_.nodes.size();
    return node < n ? grouping_.of_part[node] : grouping_.groups.size() + node - n;
  }
  // From one of a run to the one before, which are drawn as one.
  bool is_backwards(const SweepPass& pass) const {
    const std::size_t n = shown_.size();
    return pass.from < n && pass.to < n && is_hidden(pass.from, pass.to) &&
           shown_[pass.from] <= shown_[pass.to];
  }

  std::string caption() const {
    const std::size_t ops = graph_.nodes.size() - graph_.leaves;
    std::string text = options_.title.empty() ? "" : options_.title + ": ";
    text += fmt::format("{} op{}, {} {}", grouped(static_cast<std::int64_t>(ops)),
                        ops == 1 ? "" : "s", grouped(static_cast<std::int64_t>(graph_.leaves)),
                        graph_.leaves == 1 ? "leaf" : "leaves");
    if (options_.backward) text += fmt::format(", {} steps backward", steps_);
    if (options_.bytes) text += ", " + kept_bytes();
    if (grouping_.by_module) text += "; summarised by module";
    if (grouping_.by_place) text += "; summarised by op and line of code";
    return text + fmt::format("; {} unless noted", name(usual_));
  }
  std::string kept_bytes() const {
    std::int64_t kept = 0;
    for (const GraphNode& node : graph_.nodes)
      if (node.node->storage && !node.is_tuple())
        kept += node.node->shape.numel() * static_cast<std::int64_t>(size_of(node.node->dtype));
    return in_bytes(kept) + " kept";
  }

  const GraphOptions& options_;
  const Site site_;
  const GraphNodes graph_;
  NodeNames owners_, names_;
  GraphOutline outline_;
  std::vector<std::size_t> shown_;  // the node that is drawn for each
  Grouping grouping_;
  std::vector<bool> is_single_;  // whether a box is a node and shows its numbers
  DType usual_ = float32;
  std::size_t steps_ = 0;
  Drawing drawing_;
};

}  // namespace

GraphPicture graph(const TensorList& outputs, const GraphOptions& options, Site site) {
  check(outputs, options, site);
  return GraphPicture(GraphDrawer(outputs, options, site).draw());
}

GraphPicture graph(const nn::Module& model, const std::function<Tensor()>& compute,
                   GraphOptions options, Site site) {
  check_callable(caller, "compute", compute, site);
  const ModuleCalls calls(model);
  options.calls = &calls;
  std::optional<KeepValues> keep;
  if (options.values) keep.emplace();
  const Tensor output = compute();
  return graph(output, options, site);
}

}  // namespace xgrad::viz
