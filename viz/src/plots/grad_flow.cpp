#include <xgrad/viz/grad_flow.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/graph/error.hpp>

namespace xgrad::viz {
namespace {

struct Sizes {
  std::string name;
  double mean = 0, largest = 0;
};

Sizes sizes_of(const NamedTensor& parameter) {
  Sizes sizes{parameter.name};
  if (!parameter.tensor.grad().defined()) return sizes;
  std::size_t finite = 0;
  const Numbers gradient(parameter.tensor.grad());
  for (const double g : gradient) {
    if (!std::isfinite(g)) continue;
    ++finite;
    sizes.mean += std::abs(g);
    sizes.largest = std::max(sizes.largest, std::abs(g));
  }
  if (finite > 0) sizes.mean /= static_cast<double>(finite);
  if (finite < gradient.size()) sizes.name += " (not finite)";
  return sizes;
}

std::vector<Sizes> gradients_of(const nn::Module& model, const GradFlowOptions& options,
                                Site site) {
  std::vector<Sizes> all;
  bool any = false;
  for (const auto& parameter : model.named_parameters()) {
    any = any || parameter.tensor.grad().defined();
    if (options.biases || parameter.tensor.dim() != 1) all.push_back(sizes_of(parameter));
  }
  if (!any)
    throw GraphError(
        "plot_grad_flow: no parameter of the model has a gradient; call backward on a loss first",
        site);
  return all;
}

std::vector<Sizes> some_of(const std::vector<Sizes>& all, std::size_t most) {
  if (all.size() <= std::max<std::size_t>(most, 1)) return all;
  std::vector<Sizes> some;
  for (std::size_t i = 0; i < most; ++i) some.push_back(all[i * all.size() / most]);
  return some;
}

}  // namespace

Figure plot_grad_flow(const nn::Module& model, const GradFlowOptions& options, Site site) {
  std::vector<std::string> names;
  std::vector<double> means, largest;
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (const Sizes& s : some_of(gradients_of(model, options, site), options.max_bars)) {
    names.push_back(s.name);
    means.push_back(s.mean);
    largest.push_back(s.largest);
    if (s.mean > 0) least = std::min(least, s.mean);
    most = std::max(most, s.largest);
  }
  Figure figure({.title = options.title});
  Axes& axes = figure.axes();
  axes.bar(names, largest, {.label = "largest", .color = color_of_curve(5)});
  axes.bar(names, means, {.label = "mean", .color = color_of_curve(0)});
  axes.set_yscale(Scale::log).set_ylabel("|gradient|").legend(Legend::outside);
  if (most > 0) axes.set_ylim(least / 10, most * 3);
  return figure;
}

}  // namespace xgrad::viz
