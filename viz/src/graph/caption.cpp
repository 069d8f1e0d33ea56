#include "graph/caption.hpp"

#include <fmt/format.h>

#include <xgrad/graph/number_text.hpp>

namespace xgrad::viz {
namespace {

// "1 leaf", "1,000 leaves".
std::string counted(std::size_t n, const char* one, const char* many) {
  return detail::grouped(static_cast<std::int64_t>(n)) + " " + (n == 1 ? one : many);
}

std::int64_t kept_bytes(const GraphNodes& graph) {
  std::int64_t kept = 0;
  for (const GraphNode& node : graph.nodes)
    if (node.node->storage && !node.is_tuple())
      kept += node.node->shape.numel() * static_cast<std::int64_t>(size_of(node.node->dtype));
  return kept;
}

}  // namespace

std::string caption_of(const GraphPlan& plan, const GraphOptions& options, std::size_t steps) {
  std::string text = options.title.empty() ? "" : options.title + ": ";
  text += counted(plan.graph.nodes.size() - plan.graph.leaves, "op", "ops") + ", " +
          counted(plan.graph.leaves, "leaf", "leaves");
  if (options.backward) text += fmt::format(", {} steps backward", steps);
  if (options.bytes) text += ", " + detail::in_bytes(kept_bytes(plan.graph)) + " kept";
  if (plan.grouping.by_module) text += "; summarised by module";
  if (plan.grouping.by_place) text += "; summarised by op and line of code";
  return text + fmt::format("; {} unless noted", name(plan.usual()));
}

}  // namespace xgrad::viz
