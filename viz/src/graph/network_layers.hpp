// network_layers.hpp: the layers of a network diagram: found in a model, and checked.
#pragma once

#include <vector>

#include <xgrad/viz/network_diagram.hpp>

namespace xgrad::viz {

/// A layer's numbers as float64 matrices, and what they are shaded by.
struct ShadedLayer {
  Tensor weight;  ///< (out, in)
  Tensor bias;    ///< (out); may be undefined
  std::string label;
};

/// The Linear layers of a model, with the activations that follow them as labels.
/// @throws ValueError  naming a layer that is none of these.
std::vector<DenseLayer> dense_layers(const nn::Module& model, Site site);

/// What the options ask to be shown.
/// @throws ValueError, ShapeError  as network_diagram.
std::vector<ShadedLayer> shaded_layers(const std::vector<DenseLayer>& layers,
                                       const NetworkDiagramOptions& options, Site site);

}  // namespace xgrad::viz
