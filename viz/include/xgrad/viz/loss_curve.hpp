// loss_curve.hpp: loss_curve, how numbers change in a training.
#pragma once

#include <string>
#include <vector>

#include <xgrad/viz/figure.hpp>

namespace xgrad::viz {

/// Numbers that change over the steps of a training, and their name in the legend.
struct Curve {
  std::string name;
  Numbers values;
};

struct LossCurveOptions {
  std::string title = {};
  std::string xlabel = "step";
  std::string ylabel = "loss";
  Scale yscale = Scale::linear;
  double first = 0;  ///< the step of the first value
  double each = 1;   ///< steps from one value to the next
};

/// Draws losses, or other numbers, over steps. Curves may differ in length.
///
///     viz::loss_curve({{"training", losses}}, {.yscale = viz::Scale::log}).save("loss.svg");
/// @throws ValueError  if a step is not finite.
Figure loss_curve(const std::vector<Curve>& curves, const LossCurveOptions& options = {},
                  Site site = Site::here());

}  // namespace xgrad::viz
