// confusion_matrix.hpp: confusion_matrix, which classes a model takes for which, as a picture.
#pragma once

#include <string>
#include <vector>

#include <xgrad/data/metrics/confusion_matrix.hpp>
#include <xgrad/viz/figure.hpp>

namespace xgrad::viz {

struct ConfusionMatrixOptions {
  std::string title = "Confusion matrix";
  std::vector<std::string> classes = {};  ///< names; numbers by default
};

/// Draws the counts of samples: rows are true classes, columns are predicted ones. The colour of a
/// cell is its share of the row. Up to 30 classes have their counts written in.
/// @param counts  (classes, classes), at least 0.
/// @throws ShapeError  for another shape, or names that are not as many; ValueError  for a count
///         that is negative or not finite.
Figure confusion_matrix(const Tensor& counts, const ConfusionMatrixOptions& options = {},
                        Site site = Site::here());
Figure confusion_matrix(const metrics::ConfusionMatrix& metric,
                        const ConfusionMatrixOptions& options = {}, Site site = Site::here());

}  // namespace xgrad::viz
