#include "graph/plan.hpp"

#include <numeric>

namespace xgrad::viz {
namespace {

// The full names of parameters and buffers.
NodeNames owners_of(const GraphOptions& options) {
  NodeNames owners;
  if (options.calls != nullptr) owners.add(options.calls->tensors());
  if (options.model == nullptr) return owners;
  owners.add(options.model->named_parameters());
  owners.add(options.model->named_buffers());
  return owners;
}

std::vector<ModuleCalls::Call> calls_of(const GraphOptions& options) {
  if (options.calls == nullptr) return {};
  return options.calls->calls();
}

std::vector<std::size_t> shown_of(Outline& outline, int fold) {
  if (fold > 0) return fold_repeats(outline, static_cast<std::size_t>(fold));
  std::vector<std::size_t> all(outline.parts.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

}  // namespace

GraphPlan plan_of(const char* caller, const TensorList& outputs, const GraphOptions& options,
                  Site site) {
  GraphPlan plan;
  plan.graph = collect_nodes(caller, outputs, site);
  const NodeNames owners = owners_of(options);
  plan.names.add(options.names);
  plan.names.add(owners);
  plan.outline = outline_of(plan.graph, plan.names, owners, calls_of(options));
  plan.shown = shown_of(plan.outline.outline, options.fold);
  plan.grouping = group_parts(plan.outline.outline, plan.shown, plan.outline.place,
                              {options.whole_layers, options.depth, options.max_boxes});
  return plan;
}

}  // namespace xgrad::viz
