#include "graph/sweep.hpp"

#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/trace.hpp>

#include "tensor_text.hpp"

namespace xgrad::viz {
namespace {

double norm_of(const Tensor& t) {
  const Tensor elements = t.detach().to(float64);
  double squares = 0;
  for (const double x : elements.span<double>()) squares += x * x;
  return std::sqrt(squares);
}

class SweepWriter {
 public:
  SweepWriter(const GraphNodes& graph, const GraphOptions& options,
              const std::function<bool(std::size_t)>& is_shown)
      : graph_(graph), options_(options), is_shown_(is_shown) {
    sweep_.visits.resize(graph.nodes.size());
  }

  void see(const TraceStep& step) {
    const std::size_t node = index_of(step.node, step.op, step.shape);
    SweepVisit& visit = sweep_.visits[node];
    visit.number = ++sweep_.steps;
    if (shows(node) && step.arrived.defined())
      visit.arrived = gradient_lines(step.arrived, options_);
    for (const TraceStep::Passed& passed : step.passed) see(node, passed);
  }

  GraphSweep result() { return std::move(sweep_); }

 private:
  void see(std::size_t node, const TraceStep::Passed& passed) {
    const std::size_t to = index_of(passed.node, op_of(*passed.node), passed.node->shape);
    SweepPass pass{node, to, {}};
    if (shows(node) && shows(to)) pass.label = label(passed);
    sweep_.passes.push_back(std::move(pass));
  }
  static const char* op_of(detail::Node& node) {
    return node.is_leaf() ? "leaf" : node.function()->op;
  }
  std::vector<std::string> label(const TraceStep::Passed& passed) const {
    std::vector<std::string> lines = gradient_lines(passed.gradient, options_);
    if (passed.slope.defined() && passed.slope.numel() <= options_.max_elements)
      lines.push_back(
          fmt::format("slope {}", fmt::join(elements_lines(passed.slope, options_.digits), ", ")));
    return lines;
  }
  bool shows(std::size_t node) const {
    return node >= graph_.nodes.size() ? true : is_shown_(node);
  }

  // Nodes that are not in the graph are made while the sweep runs.
  std::size_t index_of(const detail::Node* node, const char* op, const Shape& shape) {
    if (const auto at = graph_.index.find(node); at != graph_.index.end()) return at->second;
    const auto [at, is_new] = recomputed_.try_emplace(node, sweep_.visits.size());
    if (is_new) {
      sweep_.visits.emplace_back();
      sweep_.recomputed.push_back({op, shape});
    }
    return at->second;
  }

  const GraphNodes& graph_;
  const GraphOptions& options_;
  const std::function<bool(std::size_t)>& is_shown_;
  GraphSweep sweep_;
  std::unordered_map<const detail::Node*, std::size_t> recomputed_;
};

}  // namespace

GraphSweep trace_graph(const GraphNodes& graph, const GraphOptions& options,
                       const std::function<bool(std::size_t)>& is_shown, Site site) {
  SweepWriter writer(graph, options, is_shown);
  trace_sweep(
      graph.outputs.at(0), options.upstream, [&](const TraceStep& step) { writer.see(step); }, site,
      "viz::graph");
  return writer.result();
}

std::vector<std::string> gradient_lines(const Tensor& gradient, const GraphOptions& options) {
  if (gradient.numel() <= options.max_elements) return elements_lines(gradient, options.digits);
  return {fmt::format("norm {:.{}g}", norm_of(gradient), options.digits)};
}

}  // namespace xgrad::viz
