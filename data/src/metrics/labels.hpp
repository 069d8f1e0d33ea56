// labels.hpp: what the metrics of classes are given, checked and brought to one form.
#pragma once

#include <cstdint>
#include <optional>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::metrics::detail {

/// Predicted and true classes, int64, of one shape.
struct Labels {
  Tensor predicted, target;
  std::optional<std::int64_t> ignored;

  /// Calls f(predicted, target) for each sample that counts.
  template <class F>
  void for_each(F&& f) const {
    const std::int64_t* const p = predicted.data<std::int64_t>();
    const std::int64_t* const t = target.data<std::int64_t>();
    for (std::int64_t i = 0; i < target.numel(); ++i)
      if (t[i] != ignored) f(p[i], t[i]);
  }
  /// @throws ValueError  for a class outside [0, classes).
  void check_classes(const char* op, std::int64_t classes) const;
};

/// @throws ShapeError, DTypeError  for predictions and targets that are not as in accuracy.hpp.
Labels read_labels(const char* op, const Tensor& predictions, const Tensor& targets,
                   double threshold, std::optional<std::int64_t> ignored);

/// Scores as rows (samples, classes), float64, and the targets of the rows.
struct Scores {
  Tensor scores, target;
};

/// Reads (n, classes, ...), or (classes) for one sample. @throws as read_labels.
Scores read_scores(const char* op, const Tensor& predictions, const Tensor& targets);

/// @throws DTypeError  unless int64 or bool.
Tensor read_targets(const char* op, const Tensor& targets);

}  // namespace xgrad::metrics::detail
