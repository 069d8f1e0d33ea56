// f1.hpp: precision and recall in one number.
#pragma once

#include <optional>

#include <xgrad/graph/state_dict.hpp>

namespace xgrad::metrics {

/// How the classes' scores become one: micro counts all classes together; macro is the mean over
/// the classes that occur as a target or a prediction; weighted is the mean by the number of
/// targets; binary is the score of class 1 of two.
enum class Average { micro, macro, weighted, binary };

struct F1Options {
  Average average = Average::macro;
  double beta = 1;  ///< weight of recall against precision; 1 is F1
  double threshold = 0.5;
  std::optional<std::int64_t> ignore_index = {};
};

/// The F score, (1 + beta^2) precision recall / (beta^2 precision + recall), as scikit-learn and
/// torchmetrics define it (van Rijsbergen, 1979). Predictions and targets are as in accuracy.hpp.
/// NaN for nothing seen.
class F1 {
 public:
  /// @throws ValueError  for fewer than 2 classes, a beta that is not positive, or the average
  ///                     binary of more than 2 classes.
  explicit F1(Count classes, F1Options options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});

  /// @throws ShapeError, DTypeError  for predictions and targets that are not as above;
  ///         ValueError  for a class outside [0, classes).
  void update(const Tensor& predictions, const Tensor& targets,
              Site site = {__builtin_FILE(), __builtin_LINE()});
  double compute() const;
  /// The share of predictions that are right; 0 for a class that is never predicted.
  double precision() const;
  /// The share of targets that are found; 0 for a class that is never a target.
  double recall() const;
  /// The F score of each class, (classes), float64; NaN for one that does not occur.
  Tensor per_class() const;

  void reset();
  /// As if what the other one has seen had been seen here.
  /// @throws ValueError  for another number of classes.
  void merge(const F1& other, Site site = {__builtin_FILE(), __builtin_LINE()});
  /// "counts", (3, classes): true positives, false positives, false negatives.
  StateDict state_dict() const { return {{"counts", counts_.clone()}}; }
  /// @throws ValueError  for a state that does not fit; nothing is changed then.
  void load_state_dict(const StateDict& state, Site site = {__builtin_FILE(), __builtin_LINE()});

 private:
  F1Options options_;
  Tensor counts_;
};

}  // namespace xgrad::metrics
