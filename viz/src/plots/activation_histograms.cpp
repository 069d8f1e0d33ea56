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

}  // namespace

ActivationRecorder::ActivationRecorder(const nn::Module& model, std::size_t max_layers) {
  std::vector<nn::NamedModule> leaves;
  for (nn::NamedModule& m : model.named_modules())
    if (m.module->children().empty() && leaves.size() < max_layers) leaves.push_back(m);
  layers_.reserve(leaves.size());  // the hooks hold references
  for (const nn::NamedModule& m : leaves) {
    Layer& layer = layers_.emplace_back(Layer{m.name.empty() ? m.module.type_name() : m.name, {}});
    hooks_.push_back(m.module->register_forward_hook(
        [&layer](const nn::Module&, const std::vector<Tensor>&, std::vector<Tensor>& outputs) {
          if (outputs.empty() || !outputs.front().defined()) return;
          const Numbers given(outputs.front());
          layer.values.insert(layer.values.end(), given.begin(), given.end());
        }));
  }
}

Figure ActivationRecorder::histograms(const ActivationHistogramsOptions& options, Site site) const {
  check_within("activation_histograms", "columns", options.columns, 1, 64, site);
  if (layers_.empty())
    throw ValueError("activation_histograms: the model has no layers to look at", site);
  const int columns = std::min(options.columns, static_cast<int>(layers_.size()));
  const int rows = (static_cast<int>(layers_.size()) + columns - 1) / columns;
  Figure figure(rows, columns, {.title = options.title});
  for (int i = 0; i < rows * columns; ++i) {
    Axes& axes = figure.axes(i / columns, i % columns);
    if (i >= static_cast<int>(layers_.size())) {
      axes.set_axis_off();
      continue;
    }
    const Layer& layer = layers_[static_cast<std::size_t>(i)];
    axes.hist(layer.values, {.color = color_of_curve(0), .bins = options.bins}, site);
    axes.set_title(title_of(layer.name, layer.values)).set_xlabel("value").set_ylabel("count");
  }
  return figure;
}

}  // namespace xgrad::viz::plotting
