#include "graph/network_layers.hpp"

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/nn/linear.hpp>

namespace xgrad::viz {
namespace {

constexpr const char* caller = "viz::network_diagram";

std::string called(const nn::NamedModule& named) {
  return named.name.empty() ? fmt::format("the model is a {}", named.module.type_name())
                            : fmt::format("'{}' is a {}", named.name, named.module.type_name());
}

std::string label_of(std::size_t i, const DenseLayer& layer) {
  return layer.label.empty() ? fmt::format("layer {}", i) : fmt::format("'{}'", layer.label);
}

void check_shapes(std::size_t i, const DenseLayer& layer, std::int64_t inputs, Site site) {
  const auto fail = [&](const std::string& what) {
    throw ShapeError(fmt::format("{}: {} {}", caller, label_of(i, layer), what), site);
  };
  if (!layer.weight.defined()) fail("has no weight; it must be a matrix (out, in)");
  if (layer.weight.dim() != 2)
    fail(fmt::format("has the weight {}; it must be a matrix (out, in)",
                     to_string(layer.weight.shape())));
  if (inputs >= 0 && layer.weight.size(1) != inputs)
    fail(fmt::format("takes {} units, but the layer before has {}", layer.weight.size(1), inputs));
  if (layer.bias.defined() && layer.bias.shape() != Shape{layer.weight.size(0)})
    fail(fmt::format("has the bias {}; it must be {}", to_string(layer.bias.shape()),
                     to_string(Shape{layer.weight.size(0)})));
}

void check_units(std::size_t i, const DenseLayer& layer, std::int64_t most, Site site) {
  for (const int axis : {1, 0})
    if (const std::int64_t n = layer.weight.size(axis); n > most || n == 0)
      throw ValueError(
          fmt::format("{}: {} has {} {} units; a diagram is legible for 1 to {}, which `max_units` "
                      "changes",
                      caller, label_of(i, layer), n, axis == 1 ? "input" : "output", most),
          site);
}

Tensor gradient_of(const Tensor& given, const Tensor& of) {
  return given.defined() || !of.defined() ? given : of.grad();
}

// A gradient has the shape of what it is the gradient of.
void check_gradient(std::size_t i, const DenseLayer& layer, const char* what, const Tensor& of,
                    const Tensor& gradient, Site site) {
  if (!gradient.defined() || (of.defined() && gradient.shape() == of.shape())) return;
  throw ShapeError(fmt::format("{}: the gradient of {}'s {} is {}, but the {} is {}", caller,
                               label_of(i, layer), what, to_string(gradient.shape()), what,
                               of.defined() ? to_string(of.shape()) : "undefined"),
                   site);
}

ShadedLayer shaded(std::size_t i, const DenseLayer& layer, ColorBy color, Site site) {
  if (color == ColorBy::weight) return {layer.weight, layer.bias, layer.label};
  const Tensor weight = gradient_of(layer.weight_gradient, layer.weight);
  const Tensor bias = gradient_of(layer.bias_gradient, layer.bias);
  if (!weight.defined())
    throw ValueError(
        fmt::format("{}: the weight of {} has no gradient; call backward first, or colour by "
                    "weight",
                    caller, label_of(i, layer)),
        site);
  check_gradient(i, layer, "weight", layer.weight, weight, site);
  check_gradient(i, layer, "bias", layer.bias, bias, site);
  return {weight, bias, layer.label};
}

Tensor plain(const Tensor& t) { return t.defined() ? t.detach().to(float64) : t; }

// A layer that has children calls them, as far as anybody can tell; what it has besides is unknown.
bool is_container(const nn::AnyModule& module, const std::string& name, std::size_t own,
                  Site site) {
  if (module->children().empty()) return false;
  std::size_t below = 0;
  for (const nn::AnyModule& child : module->children()) below += child->parameters().size();
  if (own > below)
    throw ValueError(
        fmt::format("{}: {} has parameters besides its layers; a diagram needs Linear layers one "
                    "after the other, or the tensors themselves as DenseLayers",
                    caller, called({name, module})),
        site);
  return true;
}

}  // namespace

std::vector<DenseLayer> dense_layers(const nn::Module& model, Site site) {
  std::vector<DenseLayer> layers;
  for (const nn::NamedModule& named : model.named_modules()) {
    const std::size_t parameters = named.module->parameters().size();
    if (const auto* linear = named.module.as<nn::Linear>()) {
      DenseLayer layer;
      layer.weight = linear->weight;
      layer.bias = linear->bias;
      layer.label = named.name.empty() ? "Linear" : named.name + ": Linear";
      layers.push_back(std::move(layer));
    } else if (parameters > 0 && !is_container(named.module, named.name, parameters, site)) {
      throw ValueError(
          fmt::format("{}: {}; a diagram needs Linear layers one after the other, with activations "
                      "without parameters between them",
                      caller, called(named)),
          site);
    } else if (named.module->children().empty() && !layers.empty()) {
      layers.back().label += ", " + named.module.type_name();
    }
  }
  if (layers.empty())
    throw ValueError(fmt::format("{}: the model, a {}, has no Linear layer", caller,
                                 model.named_modules()[0].module.type_name()),
                     site);
  return layers;
}

std::vector<ShadedLayer> shaded_layers(const std::vector<DenseLayer>& layers,
                                       const NetworkDiagramOptions& options, Site site) {
  if (layers.empty())
    throw ValueError(fmt::format("{}: there is no layer; pass at least one", caller), site);
  std::vector<ShadedLayer> result;
  std::int64_t inputs = -1;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    check_shapes(i, layers[i], inputs, site);
    check_units(i, layers[i], options.max_units, site);
    inputs = layers[i].weight.size(0);
    ShadedLayer layer = shaded(i, layers[i], options.color, site);
    result.push_back({plain(layer.weight), plain(layer.bias), layer.label});
  }
  return result;
}

}  // namespace xgrad::viz
