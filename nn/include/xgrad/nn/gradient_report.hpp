// gradient_report.hpp: gradient_report, a table of the gradients of a model.
#pragma once

#include <string>

#include <xgrad/nn/module.hpp>

namespace xgrad {

struct GradientReportOptions {
  /// Threshold for "vanishing": the mean size relative to the largest mean size in the model.
  double vanishing = 1e-6;
  /// Threshold for "exploding": the norm of the gradient relative to the norm of the parameter.
  double exploding = 1e2;
  std::size_t max_rows = 60;  ///< if there are more parameters, the middle ones are left out
};

/// Formats a table of the gradients that a backward has computed, with one row per parameter.
///
/// The columns are the mean absolute value of the gradient's elements, the largest absolute value,
/// the norm, and the percentage of zeros. The last column reports problems: no gradient, not
/// finite, zero, vanishing, exploding, and dead units. A unit is a position of the first axis of a
/// parameter with two or more axes; it is dead if all of its gradient is 0.
std::string gradient_report(const nn::Module& module, const GradientReportOptions& options = {});

}  // namespace xgrad
