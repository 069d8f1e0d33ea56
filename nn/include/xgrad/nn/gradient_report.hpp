// gradient_report.hpp: how gradients fare in a model.
#pragma once

#include <string>

#include <xgrad/nn/module.hpp>

namespace xgrad {

struct GradientReportOptions {
  double vanishing = 1e-6;  ///< a mean size below this share of the parameter of largest mean size
  double exploding = 1e2;   ///< a norm above this many times the norm of the parameter itself
  std::size_t max_rows = 60;  ///< parameters shown; of more, the first and the last
};

/// A table with a row per parameter, after a backward: the mean size of its gradient's elements,
/// the largest, the norm, the share that is 0; and what is wrong with it: undefined, not finite,
/// zero, vanishing, exploding, or units (positions of the first axis of a weight with two or more)
/// that are dead, their gradient being 0 throughout.
std::string gradient_report(const nn::Module& module, const GradientReportOptions& options = {});

}  // namespace xgrad
