#include "graph/boxes.hpp"

#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/number_text.hpp>

#include "graph/frames.hpp"
#include "graph/labels.hpp"

namespace xgrad::viz {
namespace {

using detail::grouped;

GraphOptions without_numbers(GraphOptions options) {
  options.values = options.gradients = false;
  return options;
}

// What a box that stands for a module has in it.
struct Content {
  std::int64_t ops = 0, parameters = 0;
  std::size_t result;  // the last node that has a value
};

Content content_of(const GraphPlan& plan, std::size_t group) {
  Content content{.result = plan.grouping.groups[group].part};
  for (std::size_t p = 0; p < plan.graph.nodes.size(); ++p) {
    if (plan.grouping.of_part[p] != group || !plan.is_drawn(p)) continue;
    const GraphNode& node = plan.graph.nodes[p];
    if (!node.is_leaf()) ++content.ops;
    if (node.is_leaf() && node.node->requires_grad())
      content.parameters += node.node->shape.numel();
    if (!node.is_leaf() && !node.is_tuple()) content.result = p;
  }
  return content;
}

class BoxWriter {
 public:
  BoxWriter(const GraphPlan& plan, const GraphOptions& options, const Frames& frames)
      : plan_(plan),
        frames_(frames),
        few_(without_numbers(options)),
        labels_(plan.names, options, plan.usual()),
        repeated_(plan.names, few_, plan.usual()) {}

  Box box(std::size_t i) const {
    const Group& group = plan_.grouping.groups[i];
    const GraphNode& node = plan_.graph.nodes[group.part];
    if (group.cluster != 0) return module_box(i);
    if (group.parts > 1) return labels_.box_of_several(node, group.parts);
    const GraphLabels& labels = plan_.is_single(group) ? labels_ : repeated_;
    return labels.box(node, frames_.module(group.inside));
  }

 private:
  Box module_box(std::size_t group) const {
    const Content content = content_of(plan_, group);
    const detail::Node& result = *plan_.graph.nodes[content.result].node;
    Box box = make_box(BoxKind::module, frames_.title(plan_.grouping.groups[group]),
                       {"gives " + labels_.shape_text(result.shape, result.dtype)});
    if (content.parameters > 0) box.lines.push_back(grouped(content.parameters) + " parameters");
    if (content.ops > 1) box.lines.push_back(grouped(content.ops) + " ops");
    return box;
  }

  const GraphPlan& plan_;
  const Frames& frames_;
  const GraphOptions few_;  // in equal modules that are drawn once
  const GraphLabels labels_, repeated_;
};

void mark_outputs(const GraphPlan& plan, Drawing& drawing) {
  for (const Tensor& output : plan.graph.outputs) {
    Box& box = drawing.boxes[plan.grouping.of_part[plan.graph.index.at(&output.node())]];
    if (box.kind == BoxKind::op) box.kind = BoxKind::output;
  }
}

}  // namespace

void draw_boxes(const GraphPlan& plan, const GraphOptions& options, Drawing& drawing) {
  Frames frames(plan.outline.outline, drawing);
  const BoxWriter writer(plan, options, frames);
  for (std::size_t i = 0; i < plan.grouping.groups.size(); ++i) {
    Box box = writer.box(i);
    box.cluster = frames.of(plan.grouping.groups[i].inside);
    drawing.boxes.push_back(std::move(box));
  }
  mark_outputs(plan, drawing);
}

}  // namespace xgrad::viz
