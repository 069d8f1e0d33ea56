#include <xgrad/viz/activation_histograms.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "checks.hpp"

namespace xgrad::viz::plotting {
namespace {

std::string title_of(const std::string& name, const std::vector<double>& values) {
  const auto bad =
      std::count_if(values.begin(), values.end(), [](double v) { return !std::isfinite(v); });
  return bad == 0 ? name : fmt::format("{} ({} not finite)", name, bad);
}

constexpr const char* function = "activation_histograms";

// The first modules without children.
std::vector<nn::NamedModule> layers_of(const nn::Module& model, std::size_t most) {
  std::vector<nn::NamedModule> layers;
  for (nn::NamedModule& m : model.named_modules())
    if (m.module->children().empty() && layers.size() < most) layers.push_back(m);
  return layers;
}

int rows_of(std::size_t layers, int columns) {
  return (static_cast<int>(layers) + columns - 1) / columns;
}

void check(std::size_t layers, const ActivationHistogramsOptions& options, Site site) {
  check_within(function, "bins", static_cast<double>(options.bins), 1, 1e6, site);
  check_within(function, "columns", options.columns, 1, 64, site);
  check_within(function, "max_layers", static_cast<double>(options.max_layers), 1, 1e9, site);
  if (layers == 0)
    throw ValueError(fmt::format("{}: the model has no layers to look at", function), site);
  check_within(function, "the number of rows", rows_of(layers, options.columns), 1, 64, site);
}

}  // namespace

ActivationRecorder::ActivationRecorder(const nn::Module& model, const Tensor& input,
                                       const ActivationHistogramsOptions& options, Site site)
    : options_(options), site_(site) {
  const std::vector<nn::NamedModule> layers = layers_of(model, options.max_layers);
  check(layers.size(), options, site);
  check_defined(function, "the input", input, site);
  layers_.reserve(layers.size());  // the hooks hold references
  for (const nn::NamedModule& m : layers)
    watch(m, layers_.emplace_back(Layer{m.name.empty() ? m.module.type_name() : m.name, {}}));
}

void ActivationRecorder::watch(const nn::NamedModule& module, Layer& layer) {
  hooks_.push_back(module.module->register_forward_hook(
      [&layer](const nn::Module&, const std::vector<Tensor>&, std::vector<Tensor>& outputs) {
        if (outputs.empty() || !outputs.front().defined()) return;
        const Numbers given(outputs.front());
        layer.values.insert(layer.values.end(), given.begin(), given.end());
      }));
}

Figure ActivationRecorder::histograms() const {
  const int columns = std::min(options_.columns, static_cast<int>(layers_.size()));
  const int rows = rows_of(layers_.size(), columns);
  Figure figure(rows, columns, {.title = options_.title});
  for (int i = 0; i < rows * columns; ++i) {
    Axes& axes = figure.axes(i / columns, i % columns);
    if (i >= static_cast<int>(layers_.size())) {
      axes.set_axis_off();
      continue;
    }
    const Layer& layer = layers_[static_cast<std::size_t>(i)];
    axes.hist(layer.values, {.color = color_of_curve(0), .bins = options_.bins}, site_);
    axes.set_title(title_of(layer.name, layer.values)).set_xlabel("value").set_ylabel("count");
  }
  return figure;
}

}  // namespace xgrad::viz::plotting
