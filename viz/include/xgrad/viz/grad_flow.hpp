// grad_flow.hpp: plot_grad_flow, the size of the gradients from layer to layer.
#pragma once

#include <string>

#include <xgrad/nn/module.hpp>
#include <xgrad/viz/figure.hpp>

namespace xgrad::viz {

struct GradFlowOptions {
  std::string title = "Gradient flow";
  bool biases = false;        ///< parameters with a single axis, too
  std::size_t max_bars = 60;  ///< of more parameters, some are left out, evenly
};

/// Draws the mean and the largest absolute value of each parameter's gradient, on a logarithmic
/// axis, in the order of the layers. A gradient that is 0 or undefined has no bar; what is not
/// finite does not count, and the name says "(not finite)".
///
///     loss.backward();
///     viz::plot_grad_flow(model).save("gradients.svg");
/// @throws GraphError  if no parameter has a gradient.
Figure plot_grad_flow(const nn::Module& model, const GradFlowOptions& options = {},
                      Site site = Site::here());

}  // namespace xgrad::viz
