#include <xgrad/nn/summary.hpp>

#include <algorithm>
#include <ostream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/number_text.hpp>

#include "module_record.hpp"

namespace xgrad::nn {

namespace {

using detail::ModuleRecord;
using xgrad::detail::grouped;
using xgrad::detail::in_bytes;

std::int64_t bytes(const Tensor& t) {
  return t.numel() * static_cast<std::int64_t>(size_of(t.dtype()));
}
std::vector<Shape> shapes_of(const std::vector<Tensor>& tensors) {
  std::vector<Shape> shapes;
  for (const Tensor& t : tensors) shapes.push_back(t.defined() ? t.shape() : Shape{});
  return shapes;
}

LayerSummary begun(const std::string& name, const Module& module,
                   const std::vector<Tensor>& inputs) {
  LayerSummary layer{name, detail::type_name(module), shapes_of(inputs), {}, 0, 0, 0, false};
  for (const NamedTensor& p : ModuleRecord::of(module).parameters)
    layer.parameters += p.tensor.numel();
  layer.has_children = !ModuleRecord::of(module).children.empty();
  return layer;
}
void end(LayerSummary& layer, const Module& module, const std::vector<Tensor>& outputs) {
  layer.outputs = shapes_of(outputs);
  layer.multiply_adds = module.multiply_adds(layer.inputs, layer.outputs);
  for (const Tensor& t : outputs)
    if (t.defined()) layer.output_bytes += bytes(t);
}

std::string shapes_text(const std::vector<Shape>& shapes) {
  std::vector<std::string> each;
  for (const Shape& s : shapes) each.push_back(to_string(s));
  return fmt::format("{}", fmt::join(each, ", "));
}
std::string label(const LayerSummary& layer) {
  if (layer.name.empty()) return layer.type;
  const auto depth = std::count(layer.name.begin(), layer.name.end(), '.') + 1;
  const std::string own = layer.name.substr(layer.name.rfind('.') + 1);
  return fmt::format("{:{}}{}: {}", "", 2 * depth, own, layer.type);
}

}  // namespace

Tensor SummaryInput::tensor(const Module& model, Site site, const char* caller) const {
  if (tensor_.defined()) return tensor_;
  if (is_tensor_)
    throw GraphError(
        fmt::format("{}: an input is an undefined tensor; pass one that has a value, or a shape",
                    caller),
        site);
  const std::vector<Tensor> parameters = model.parameters();
  const DType dtype = parameters.empty() ? get_default_dtype() : parameters.front().dtype();
  return zeros(shape_, {.dtype = dtype}, site);
}

struct detail::SummaryRun::State {
  ModelSummary summary;
  std::vector<std::size_t> open;  // the layers of calls under way
  std::vector<std::pair<ModuleRecord*, bool>> modes;
  std::vector<HookHandle> hooks;
  std::vector<Tensor> parameters, buffers;
};

detail::SummaryRun::SummaryRun(const Module& model) : state_(std::make_unique<State>()) {
  State* const state = state_.get();
  state->parameters = model.parameters();
  state->buffers = model.buffers();
  for (const auto& [name, module] : model.named_modules()) {
    ModuleRecord& record = ModuleRecord::of(module);
    state->modes.emplace_back(&record, std::exchange(record.training, false));
    if (!module->is_layer()) continue;  // runs no hooks
    const std::string own = name;
    state->hooks.push_back(module->register_forward_pre_hook(
        [state, own](const Module& called, std::vector<Tensor>& inputs) {
          state->open.push_back(state->summary.layers.size());
          state->summary.layers.push_back(begun(own, called, inputs));
        }));
    state->hooks.push_back(module->register_forward_hook(
        [state](const Module& called, const std::vector<Tensor>&, std::vector<Tensor>& outputs) {
          end(state->summary.layers[state->open.back()], called, outputs);
          state->open.pop_back();
        }));
  }
}
detail::SummaryRun::~SummaryRun() {
  for (const auto& [record, training] : state_->modes) record->training = training;
}

ModelSummary detail::SummaryRun::result() const {
  ModelSummary all = state_->summary;
  for (const Tensor& p : state_->parameters) {
    all.parameters += p.numel();
    if (p.requires_grad()) all.trainable_parameters += p.numel();
    all.parameter_bytes += bytes(p);
  }
  for (const Tensor& b : state_->buffers) all.buffer_bytes += bytes(b);
  for (const LayerSummary& layer : all.layers) {
    all.multiply_adds += layer.multiply_adds;
    if (!layer.has_children) all.activation_bytes += layer.output_bytes;
  }
  return all;
}

std::string to_string(const ModelSummary& summary) {
  std::vector<std::vector<std::string>> rows{
      {"layer", "output shape", "parameters", "multiply-adds"}};
  for (const LayerSummary& layer : summary.layers)
    rows.push_back({label(layer), shapes_text(layer.outputs),
                    layer.parameters == 0 ? "" : grouped(layer.parameters),
                    layer.multiply_adds == 0 ? "" : grouped(layer.multiply_adds)});
  std::size_t width[4] = {};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < 4; ++i) width[i] = std::max(width[i], row[i].size());
  std::string text;
  for (const auto& row : rows) {
    text += fmt::format("{:<{}}  {:<{}}  {:>{}}  {:>{}}", row[0], width[0], row[1], width[1],
                        row[2], width[2], row[3], width[3]);
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text + fmt::format(
                    "parameters: {} ({} trainable), {}\nbuffers: {}\nmultiply-adds: "
                    "{}\nactivations: {}",
                    grouped(summary.parameters), grouped(summary.trainable_parameters),
                    in_bytes(summary.parameter_bytes), in_bytes(summary.buffer_bytes),
                    grouped(summary.multiply_adds), in_bytes(summary.activation_bytes));
}
std::ostream& operator<<(std::ostream& out, const ModelSummary& summary) {
  return out << to_string(summary);
}

}  // namespace xgrad::nn
