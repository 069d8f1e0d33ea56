// accuracy.hpp: the share of samples whose class was predicted.
//
// What the metrics of classes take as predictions, with targets (n, ...) of int64 or bool:
//   - scores of the classes, floating, (n, classes, ...), as cross_entropy takes them; the largest
//     counts, the first one of equals. Scores of a single sample are (classes), its target is 0-d.
//   - classes, int64 or bool, of the targets' shape.
//   - probabilities of class 1, floating, of the targets' shape; class 1 where above a threshold.
// Samples whose target is ignore_index are left out.
#pragma once

#include <optional>

#include <xgrad/data/metrics/proportion.hpp>

namespace xgrad::metrics {

struct AccuracyOptions {
  double threshold = 0.5;
  std::optional<std::int64_t> ignore_index = {};
};

/// The share of samples whose class was predicted:
///
///     metrics::Accuracy accuracy;
///     for (auto [x, y] : loader) accuracy.update(model.forward(x), y);
///     accuracy.compute();              // 0.973
///     auto [low, high] = accuracy.interval();
class Accuracy : public Proportion {
 public:
  explicit Accuracy(AccuracyOptions options = {}) : options_(options) {}
  /// @throws ShapeError, DTypeError  unless predictions and targets are as above.
  void update(const Tensor& predictions, const Tensor& targets,
              Site site = {__builtin_FILE(), __builtin_LINE()});
  /// As if what the other one has seen had been seen here.
  void merge(const Accuracy& other) noexcept { count(other.correct(), other.total()); }

 private:
  AccuracyOptions options_;
};

}  // namespace xgrad::metrics
