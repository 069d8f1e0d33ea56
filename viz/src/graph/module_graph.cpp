#include <xgrad/viz/module_graph.hpp>

#include <limits>
#include <utility>

#include <fmt/format.h>

#include "checks.hpp"
#include "graph/drawing.hpp"
#include "graph/module_drawing.hpp"
#include "graph/module_trace.hpp"

namespace xgrad::viz {
namespace {

void check(const ModuleGraphOptions& options, Site site) {
  const auto check_range = [&](const char* option, auto value, double low) {
    constexpr double many = std::numeric_limits<int>::max();
    check_within("viz::module_graph", option, static_cast<double>(value), low, many, site);
  };
  check_range("fold", options.fold, 0);
  check_range("depth", options.depth, -1);
  check_range("max_boxes", options.max_boxes, 1);
}

// Restores the modes of modules and which parameters require gradients.
class ForTracing {
 public:
  explicit ForTracing(const nn::Module& model) {
    for (const nn::NamedModule& named : model.named_modules())
      modes_.emplace_back(named.module, named.module->is_training());
    modes_.front().first->eval();
    for (Tensor& p : model.parameters())
      if (p.is_floating_point() && !p.requires_grad()) frozen_.push_back(p.requires_grad_());
  }
  ~ForTracing() {
    for (const auto& [module, training] : modes_) module->train(training);  // parents come first
    for (Tensor& p : frozen_) p.requires_grad_(false);
  }
  ForTracing(const ForTracing&) = delete;
  ForTracing& operator=(const ForTracing&) = delete;

 private:
  std::vector<std::pair<nn::AnyModule, bool>> modes_;
  std::vector<Tensor> frozen_;
};

}  // namespace

struct ModuleGraphRun::State {
  State(const nn::Module& m, ModuleGraphOptions o) : model(m), options(std::move(o)), tracing(m) {}
  const nn::Module& model;
  const ModuleGraphOptions options;
  const ForTracing tracing;
  ModuleTrace trace;
  std::vector<Tensor> inputs;
  std::vector<HookHandle> hooks;

  void watch(const nn::NamedModule& named) {
    if (!named.module->is_layer()) return;  // runs no hooks
    const std::string name = named.name, type = named.module.type_name();
    hooks.push_back(named.module->register_forward_pre_hook(
        [this, name, type](const nn::Module& module, std::vector<Tensor>&) {
          trace.begin(module, name, type);
        }));
    hooks.push_back(named.module->register_forward_hook(
        [this](const nn::Module& module, const std::vector<Tensor>& given,
               std::vector<Tensor>& outputs) { trace.end(module, given, outputs); }));
  }
};

ModuleGraphRun::ModuleGraphRun(const nn::Module& model, const std::vector<nn::SummaryInput>& inputs,
                               const ModuleGraphOptions& options, Site site) {
  check(options, site);
  state_ = std::make_unique<State>(model, options);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Tensor x = inputs[i].tensor(model, site, "viz::module_graph").detach();
    if (x.is_floating_point()) x.requires_grad_();
    state_->trace.add_input(x, inputs.size() == 1 ? "input" : fmt::format("input {}", i));
    state_->inputs.push_back(std::move(x));
  }
  for (const nn::NamedModule& named : model.named_modules()) state_->watch(named);
}
ModuleGraphRun::~ModuleGraphRun() = default;

const std::vector<Tensor>& ModuleGraphRun::inputs() const noexcept { return state_->inputs; }

GraphPicture ModuleGraphRun::picture() const {
  const ModuleGraphOptions& options = state_->options;
  Drawing drawing = drawing_of(state_->trace, options);
  std::int64_t parameters = 0;
  for (const Tensor& p : state_->model.parameters()) parameters += p.numel();
  const std::string title =
      options.title.empty() ? state_->model.named_modules()[0].module.type_name() : options.title;
  drawing.left_to_right = options.left_to_right;
  drawing.caption = fmt::format("{}: {}", title, parameters_text(parameters));
  return GraphPicture(std::move(drawing));
}

}  // namespace xgrad::viz
