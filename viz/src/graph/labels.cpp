#include "graph/labels.hpp"

#include <fmt/format.h>

#include <xgrad/graph/number_text.hpp>

#include "tensor_text.hpp"

namespace xgrad::viz {
namespace {

bool is_constant(const GraphNode& node) {
  return node.is_leaf() && !node.node->requires_grad() && node.node->shape.dim() == 0;
}

// Puts the first line behind a word, or all lines below it.
void append(std::vector<std::string>& to, const std::string& word,
            const std::vector<std::string>& lines) {
  if (lines.size() == 1) return to.push_back(word + " " + lines[0]);
  to.push_back(word);
  to.insert(to.end(), lines.begin(), lines.end());
}

}  // namespace

std::string site_text(Site site) {
  if (site.file == nullptr) return {};
  const std::string file = site.file;
  return fmt::format("{}:{}", file.substr(file.rfind('/') + 1), site.line);
}

std::string GraphLabels::shape_text(const Shape& shape, DType dtype) const {
  const std::string sizes = shape.dim() == 0 ? "scalar" : to_string(shape);
  return dtype == usual_ ? sizes : fmt::format("{} {}", sizes, name(dtype));
}

BoxKind GraphLabels::kind(const GraphNode& node, bool in_module) const {
  if (!node.is_leaf()) return BoxKind::op;
  if (node.node->requires_grad()) return BoxKind::parameter;
  const bool made_here = in_module || is_constant(node);
  return made_here && names_.of(*node.node).empty() ? BoxKind::constant : BoxKind::input;
}

std::string GraphLabels::leaf_title(const GraphNode& node, const std::string& name, bool in_module,
                                    const Tensor& value) const {
  if (!name.empty()) return name;
  if (const std::string viewed = names_.of_storage(*node.node); !viewed.empty())
    return viewed + " (view)";
  if (is_constant(node) && is_small(value) && options_.values)
    return elements_text(value, options_.digits);
  if (node.node->requires_grad()) return "leaf";
  if (is_constant(node)) return "number";
  return in_module ? "constant" : "input";
}

std::string GraphLabels::title(const GraphNode& node, const std::string& module,
                               const Tensor& value) const {
  const std::string name = name_within(names_.of(*node.node), module);
  if (node.is_leaf()) return leaf_title(node, name, !module.empty(), value);
  const std::string op = node.is_tuple_element()
                             ? fmt::format("{}[{}]", node.function().op, node.function().index)
                             : node.function().op;
  return name.empty() ? op : fmt::format("{} = {}", name, op);
}

void GraphLabels::add_value(Box& box, const Tensor& value) const {
  if (!options_.values || !is_small(value) || value.numel() == 0) return;
  const std::vector<std::string> lines = elements_lines(value, options_.digits);
  if (lines.size() == 1 && lines[0] == box.title) return;
  box.lines.insert(box.lines.end(), lines.begin(), lines.end());
}

void GraphLabels::add_gradient(Box& box, const GraphNode& node) const {
  if (!options_.gradients || options_.backward || !node.node->requires_grad()) return;
  const Tensor gradient = Tensor::share(node.node).grad();
  if (gradient.defined()) append(box.gradient, "grad", gradient_lines(gradient, options_));
}

void GraphLabels::add_bytes(Box& box, const GraphNode& node) const {
  if (!options_.bytes || node.is_tuple()) return;
  const detail::Node& n = *node.node;
  const std::int64_t bytes = n.shape.numel() * static_cast<std::int64_t>(size_of(n.dtype));
  box.lines.push_back(detail::in_bytes(bytes) + (n.storage ? "" : ", freed"));
}

Box GraphLabels::box(const GraphNode& node, const std::string& module) const {
  const detail::Node& n = *node.node;
  const Tensor value = node.value();
  Box box;
  box.kind = kind(node, !module.empty());
  box.title = title(node, module, value);
  if (!node.is_tuple() && !(n.shape.dim() == 0 && n.dtype == usual_))
    box.lines.push_back(shape_text(n.shape, n.dtype));
  add_value(box, value);
  add_bytes(box, node);
  if (const std::string site = site_text(n.site); options_.sites && !site.empty())
    box.lines.push_back(site);
  add_gradient(box, node);
  return box;
}

Box GraphLabels::box_of_several(const GraphNode& one, std::int64_t count) const {
  Box box;
  box.kind = kind(one, false);
  box.title =
      fmt::format("{} × {}", one.is_leaf() ? "leaf" : one.function().op, detail::grouped(count));
  if (const std::string site = site_text(one.node->site); !site.empty()) box.lines.push_back(site);
  return box;
}

Box GraphLabels::recomputed(const RecomputedNode& node) const {
  Box box;
  box.kind = BoxKind::recomputed;
  box.title = node.op;
  if (node.shape.dim() > 0) box.lines.push_back(to_string(node.shape));
  return box;
}

void GraphLabels::add_visit(Box& box, const SweepVisit& visit, bool is_leaf) {
  if (visit.number == 0) return;
  const std::string word = fmt::format("{}. {}", visit.number, is_leaf ? "gradient" : "arrives");
  if (visit.arrived.empty())
    box.gradient.push_back(fmt::format("{}. arrives at its results", visit.number));
  else
    append(box.gradient, word, visit.arrived);
}

}  // namespace xgrad::viz
