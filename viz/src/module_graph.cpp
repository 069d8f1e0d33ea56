#include <xgrad/viz/module_graph.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "checks.hpp"
#include "drawing.hpp"
#include "graph_frames.hpp"
#include "module_trace.hpp"
#include "text.hpp"

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

std::string counted(std::int64_t parameters) {
  return grouped(parameters) + (parameters == 1 ? " parameter" : " parameters");
}

class ModuleDrawer {
 public:
  ModuleDrawer(const ModuleTrace& trace, const ModuleGraphOptions& options)
      : trace_(trace), outline_(trace.outline()) {
    shown_.resize(outline_.parts.size());
    std::iota(shown_.begin(), shown_.end(), std::size_t{0});
    if (options.fold > 0) shown_ = fold_repeats(outline_, static_cast<std::size_t>(options.fold));
    std::vector<std::uint32_t> place;
    Interned text;
    for (const ModuleTrace::Part& part : trace.parts()) place.push_back(text(part.type));
    grouping_ = group_parts(outline_, shown_, place, {false, options.depth, options.max_boxes});
  }

  Drawing draw() {
    Frames frames(outline_, drawing_);
    for (const Group& group : grouping_.groups) {
      drawing_.boxes.push_back(box(group, frames));
      drawing_.boxes.back().cluster = frames.of(group.inside);
    }
    for (const bool hidden : {false, true})
      for (std::size_t p = 0; p < shown_.size(); ++p)
        for (const ModuleTrace::Input& input : trace_.parts()[p].inputs)
          if (hidden == (shown_[p] != p || shown_[input.from] != input.from)) add(input, p, hidden);
    return std::move(drawing_);
  }

 private:
  Box box(const Group& group, const Frames& frames) const {
    const ModuleTrace::Part& part = trace_.parts()[group.part];
    if (group.cluster != 0)
      return module_box(frames.title(group),
                        group.modules == 1 ? frames.note(group.cluster) : std::string(),
                        part.output);
    if (group.parts > 1)
      return make_box(BoxKind::module, fmt::format("{} × {}", part.type, grouped(group.parts)));
    if (part.type.empty())
      return make_box(part.inputs.empty() ? BoxKind::input : BoxKind::output, part.name,
                      {part.output});
    Box box = make_box(BoxKind::module, title(part, frames.module(group.inside)));
    if (!part.details.empty()) box.lines = wrapped(part.details, 36);
    if (part.again)
      box.lines.push_back("called again");
    else if (part.parameters > 0)
      box.lines.push_back(counted(part.parameters));
    return box;
  }
  static Box module_box(std::string title, std::string note, const std::string& output) {
    Box box = make_box(BoxKind::module, std::move(title), {"gives " + output});
    if (!note.empty()) box.lines.push_back(std::move(note));
    return box;
  }
  static std::string title(const ModuleTrace::Part& part, const std::string& module) {
    if (part.name.empty()) return part.type;
    return name_within(part.name, module) + ": " + part.type;
  }

  void add(const ModuleTrace::Input& input, std::size_t to, bool hidden) {
    const std::size_t a = grouping_.of_part[input.from], b = grouping_.of_part[to];
    if (a == b || (hidden && shown_[input.from] >= shown_[to])) return;
    if (known_.insert({a, b, input.shape}).second)
      drawing_.arrows.push_back({a, b, ArrowKind::value, {input.shape}, {}, 1});
  }

  const ModuleTrace& trace_;
  Outline outline_;
  std::vector<std::size_t> shown_;
  Grouping grouping_;
  Drawing drawing_;
  std::set<std::tuple<std::size_t, std::size_t, std::string>> known_;
};

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
  explicit State(const nn::Module& m) : model(m), tracing(m) {}
  const nn::Module& model;
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
                               Site site)
    : state_(std::make_unique<State>(model)) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Tensor x = inputs[i].tensor(model, site).detach();
    if (x.is_floating_point()) x.requires_grad_();
    state_->trace.add_input(x, inputs.size() == 1 ? "input" : fmt::format("input {}", i));
    state_->inputs.push_back(std::move(x));
  }
  for (const nn::NamedModule& named : model.named_modules()) state_->watch(named);
}
ModuleGraphRun::~ModuleGraphRun() = default;

const std::vector<Tensor>& ModuleGraphRun::inputs() const noexcept { return state_->inputs; }

GraphPicture ModuleGraphRun::picture(const ModuleGraphOptions& options, Site site) const {
  check(options, site);
  Drawing drawing = ModuleDrawer(state_->trace, options).draw();
  std::int64_t parameters = 0;
  for (const Tensor& p : state_->model.parameters()) parameters += p.numel();
  const std::string title =
      options.title.empty() ? state_->model.named_modules()[0].module.type_name() : options.title;
  drawing.left_to_right = options.left_to_right;
  drawing.caption = fmt::format("{}: {}", title, counted(parameters));
  return GraphPicture(std::move(drawing));
}

}  // namespace xgrad::viz
