// confusion_matrix.hpp: which classes are taken for which.
#pragma once

#include <optional>
#include <string>

#include <xgrad/graph/state_dict.hpp>

namespace xgrad::metrics {

/// What the counts of a confusion matrix are divided by: nothing, the number of samples of the true
/// class (rows then add up to 1), that of the predicted class (columns do), or that of all samples.
enum class Normalize { none, true_, pred, all };

struct ConfusionMatrixOptions {
  double threshold = 0.5;
  std::optional<std::int64_t> ignore_index = {};
};

/// Counts of samples: rows are true classes, columns are predicted classes.
///
///     metrics::ConfusionMatrix confusion(10);
///     for (auto [x, y] : loader) confusion.update(model.forward(x), y);
///     fmt::print("{}", confusion.to_string());
class ConfusionMatrix {
 public:
  /// @throws ValueError  for fewer than 2 classes.
  explicit ConfusionMatrix(Count classes, ConfusionMatrixOptions options = {},
                           Site site = {__builtin_FILE(), __builtin_LINE()});

  /// Predictions and targets as in accuracy.hpp.
  /// @throws ShapeError, DTypeError  for others; ValueError  for a class outside [0, classes).
  void update(const Tensor& predictions, const Tensor& targets,
              Site site = {__builtin_FILE(), __builtin_LINE()});
  /// (classes, classes): int64 counts, or float64 shares. A share of nothing is 0.
  Tensor compute(Normalize normalize = Normalize::none) const;
  std::int64_t classes() const { return counts_.size(0); }
  /// A table of the counts, with the share of each row that was right.
  std::string to_string() const;

  void reset();
  /// As if what the other one has seen had been seen here.
  /// @throws ValueError  for another number of classes.
  void merge(const ConfusionMatrix& other, Site site = {__builtin_FILE(), __builtin_LINE()});
  /// "counts".
  StateDict state_dict() const { return {{"counts", compute()}}; }
  /// @throws ValueError  for a state that does not fit; nothing is changed then.
  void load_state_dict(const StateDict& state, Site site = {__builtin_FILE(), __builtin_LINE()});

 private:
  ConfusionMatrixOptions options_;
  Tensor counts_;
};

}  // namespace xgrad::metrics
