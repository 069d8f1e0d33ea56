// network_diagram.hpp: network_diagram, a picture of the units and connections of a small network.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <xgrad/graph/tensor.hpp>
#include <xgrad/nn/module.hpp>
#include <xgrad/viz/graph_picture.hpp>

namespace xgrad::viz {

/// What connections and units are shaded by.
enum class ColorBy { weight, gradient };

struct NetworkDiagramOptions {
  ColorBy color = ColorBy::weight;       ///< what connections and units are shaded by
  int digits = 2;                        ///< significant digits of numbers
  std::int64_t max_units = 24;           ///< of a layer
  std::int64_t max_numbers = 12;         ///< layers with more connections are drawn without numbers
  std::vector<std::string> inputs = {};  ///< names of the input units; by default x1, x2, ...
  std::vector<std::string> outputs = {};  ///< names of the output units; by default y1, y2, ...
  std::string title = {};
};

/// A fully connected layer of a network diagram.
struct DenseLayer {
  Tensor weight;                ///< (out, in)
  Tensor bias = {};             ///< (out); undefined for none
  Tensor weight_gradient = {};  ///< undefined: weight's `.grad`
  Tensor bias_gradient = {};    ///< undefined: bias's `.grad`, if there is one
  std::string label = {};       ///< above the layer, such as "sigmoid"
};

/// Draws units as circles and connections as lines, from left to right. Blue is negative, red is
/// positive; the larger the number, the stronger the colour and the thicker the line. A unit has
/// the colour of its bias, or of the bias' gradient. Small layers show the numbers.
///
///     viz::network_diagram(model, {.color = viz::ColorBy::gradient}).save("xor.svg");
///
/// @param model  modules that call Linear layers and activations in the order in which they are
///               registered, such as a Sequential.
/// @throws ValueError  that names the layer, if there is one with parameters that is no Linear, a
///         layer that does not fit to the one before, more units than `max_units`, or, with
///         ColorBy::gradient, a weight without a gradient; or if an option is out of range.
GraphPicture network_diagram(const nn::Module& model, const NetworkDiagramOptions& options = {},
                             Site site = Site::here());
/// The same for tensors.
///
///     viz::network_diagram({{.weight = w1.t(), .bias = b1}, {.weight = w2.t(), .bias = b2}});
///
/// @throws ShapeError  if a weight is no matrix, if layers do not fit, or if a gradient has not the
/// shape of its
///         tensor.
GraphPicture network_diagram(const std::vector<DenseLayer>& layers,
                             const NetworkDiagramOptions& options = {}, Site site = Site::here());

}  // namespace xgrad::viz
