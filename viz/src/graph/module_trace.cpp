#include "graph/module_trace.hpp"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/number_text.hpp>
#include <xgrad/nn/attention.hpp>

#include "graph/names.hpp"
#include "text.hpp"

namespace xgrad::viz {
namespace {

std::string shape_text(const Tensor& t) {
  if (!t.defined()) return "undefined";
  return t.dim() == 0 ? "scalar" : to_string(t.shape());
}
std::string shapes_text(const std::vector<Tensor>& tensors) {
  std::vector<std::string> each;
  for (const Tensor& t : tensors)
    if (t.defined()) each.push_back(shape_text(t));
  return fmt::format("{}", fmt::join(each, ", "));
}
std::int64_t parameters_of(const nn::Module& module) {
  std::int64_t n = 0;
  for (const Tensor& p : module.parameters()) n += p.numel();
  return n;
}

// Whether a module computes more by itself than by the modules in it: attention's projections of
// query, key and value are its own, and only that of the result is a module.
bool is_opaque(const nn::Module& module) { return module.as<nn::MultiheadAttention>() != nullptr; }

}  // namespace

std::size_t ModuleTrace::add_part(Part part, bool leaf) {
  std::string alike =
      fmt::format("{}({}) {} {}", part.type, part.details, part.output, part.parameters);
  Outline::Part outlined{text_(alike), leaf, 0, {}};
  for (const Input& input : part.inputs) outlined.inputs.push_back(input.from);
  outline_.parts.push_back(std::move(outlined));
  parts_.push_back(std::move(part));
  if (leaf) ++outline_.leaves;
  outline_.clusters[0].begin = outline_.leaves;
  outline_.clusters[0].end = parts_.size();
  return parts_.size() - 1;
}

void ModuleTrace::add_input(const Tensor& tensor, const std::string& name) {
  kept_.push_back(tensor);
  producers_[&tensor.node()] = add_part({name, "", "", shape_text(tensor), 0, false, {}}, true);
}

void ModuleTrace::begin(const nn::Module& module, const std::string& name,
                        const std::string& type) {
  if (!open_.empty() && open_.back().opaque) return;
  if (!open_.empty()) open_.back().called_others = true;
  open_.push_back(
      {&module, name, type, parts_.size(), outline_.clusters.size(), false, is_opaque(module)});
}

// Calls that an exception left are still open, and are no longer of interest.
void ModuleTrace::end(const nn::Module& module, const std::vector<Tensor>& inputs,
                      const std::vector<Tensor>& outputs) {
  const auto is_this = [&](const Call& call) { return call.module == &module; };
  if (std::none_of(open_.begin(), open_.end(), is_this)) return;
  while (!is_this(open_.back())) open_.pop_back();
  const Call call = open_.back();
  open_.pop_back();
  for (const auto* tensors : {&inputs, &outputs})
    kept_.insert(kept_.end(), tensors->begin(), tensors->end());
  if (!call.called_others)
    end_leaf(call, inputs, outputs);
  else if (!call.name.empty())
    end_frame(call);
  if (call.name.empty()) end_model(outputs);
}

void ModuleTrace::end_leaf(const Call& call, const std::vector<Tensor>& inputs,
                           const std::vector<Tensor>& outputs) {
  Part part{call.name, call.type, call.module->details(), shapes_text(outputs), 0, false, {}};
  part.parameters = parameters_of(*call.module);
  part.again = !called_.try_emplace(call.name, true).second;
  part.inputs = sources(inputs);
  const std::size_t index = add_part(std::move(part), false);
  for (const Tensor& t : outputs)
    if (t.defined()) producers_[&t.node()] = index;
}

// Frames are made when they end, so those inside come first: they are moved behind it.
void ModuleTrace::end_frame(const Call& call) {
  if (call.first_part == parts_.size()) return;
  Outline::Cluster cluster;
  cluster.name = call.name;
  cluster.type = call.type;
  cluster.alike = text_(call.type);
  cluster.begin = call.first_part;
  cluster.end = parts_.size();
  if (const std::int64_t n = parameters_of(*call.module); n > 0)
    cluster.note = detail::grouped(n) + " parameters";
  const std::size_t index = call.first_cluster;
  for (std::size_t c = index; c < outline_.clusters.size(); ++c) {
    std::size_t& parent = outline_.clusters[c].parent;
    parent = parent == 0 ? index : parent + 1;
  }
  for (std::size_t p = cluster.begin; p < cluster.end; ++p) {
    std::size_t& inside = outline_.parts[p].cluster;
    inside = inside == 0 ? index : inside + 1;
  }
  for (std::size_t c = index; c < outline_.clusters.size(); ++c)
    if (Outline::Cluster& inner = outline_.clusters[c]; inner.parent == index)
      inner.relation = text_(name_within(inner.name, call.name));
  outline_.clusters.insert(outline_.clusters.begin() + static_cast<std::ptrdiff_t>(index),
                           std::move(cluster));
}

void ModuleTrace::end_model(const std::vector<Tensor>& outputs) {
  std::vector<Tensor> defined;
  for (const Tensor& t : outputs)
    if (t.defined()) defined.push_back(t);
  for (std::size_t k = 0; k < defined.size(); ++k) {
    const std::string name = defined.size() == 1 ? "output" : fmt::format("output {}", k);
    add_part({name, "", "", shape_text(defined[k]), 0, false, sources({defined[k]})}, false);
  }
}

std::vector<ModuleTrace::Input> ModuleTrace::sources(const std::vector<Tensor>& tensors) const {
  std::vector<Input> found;
  for (const Tensor& t : tensors)
    if (t.defined()) find_sources(t, found);
  if (!found.empty() || tensors.empty()) return found;
  for (std::size_t i = 0; i < outline_.leaves; ++i) found.push_back({i, shapes_text(tensors)});
  return found;
}

// Back through the ops, up to what modules gave.
void ModuleTrace::find_sources(const Tensor& tensor, std::vector<Input>& found) const {
  std::vector<detail::Node*> left{&tensor.node()};
  std::unordered_set<const detail::Node*> seen{left[0]};
  while (!left.empty()) {
    detail::Node* const node = left.back();
    left.pop_back();
    if (const auto at = producers_.find(node); at != producers_.end()) {
      found.push_back({at->second, shape_text(tensor)});
      continue;
    }
    detail::Function* const function = node->function();
    for (std::uint32_t e = 0; function != nullptr && e < function->edge_count; ++e)
      if (detail::Node* const input = function->edges()[e].node)
        if (seen.insert(input).second) left.push_back(input);
  }
}

}  // namespace xgrad::viz
