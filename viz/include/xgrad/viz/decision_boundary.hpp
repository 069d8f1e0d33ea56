// decision_boundary.hpp: decision_boundary, which class a model gives each point of a plane.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/data/dataset.hpp>
#include <xgrad/viz/figure.hpp>

namespace xgrad::viz {

/// A model as a function. A Layer converts to it, and shares its parameters.
using Predict = std::function<Tensor(const Tensor&)>;

struct DecisionBoundaryOptions {
  std::string title = {};
  bool logits = false;            ///< the model has one output, before its sigmoid
  std::int64_t resolution = 120;  ///< points along each axis at which the model is called
  std::optional<std::pair<double, double>> xlim = {}, ylim = {};  ///< the data's, and a margin
  std::vector<std::string> classes = {};                          ///< names for the legend
};

/// Draws the classes of a model with two inputs as areas, with a line where they meet, and the data
/// as points.
///
/// @param predict  takes (n, 2) of the inputs' dtype. It returns the probability of class 1, (n) or
///                 (n, 1), and the line is at 0.5; or scores of the classes, (n, classes), which
///                 softmax turns into probabilities.
/// @param data     inputs (samples, 2) and targets: samples classes, 0, 1, ...
/// @throws ShapeError  for other shapes; ValueError  for an option out of range, an empty function,
///         or a class that is not an integer from 0 to 999.
///
///     viz::decision_boundary(model, data::make_moons(200, {.noise = 0.1})).save("moons.png");
Figure decision_boundary(const Predict& predict, const data::Batch& data,
                         const DecisionBoundaryOptions& options = {}, Site site = Site::here());

/// The same within a plot of a figure.
void draw_decision_boundary(Axes& axes, const Predict& predict, const data::Batch& data,
                            const DecisionBoundaryOptions& options = {}, Site site = Site::here());

}  // namespace xgrad::viz
