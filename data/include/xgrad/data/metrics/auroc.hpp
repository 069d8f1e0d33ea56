// auroc.hpp: the area under the receiver operating characteristic.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/data/metrics/f1.hpp>
#include <xgrad/data/metrics/interval.hpp>
#include <xgrad/graph/state_dict.hpp>

namespace xgrad::metrics {

struct AurocOptions {
  std::int64_t classes = 2;
  Average average = Average::macro;  ///< over classes, each against the rest: macro or weighted
  std::optional<std::int64_t> ignore_index = {};
};

/// The probability that a sample of class 1 scores higher than one of class 0, where equals count
/// one half (Hanley and McNeil, Radiology 1982). Of more than two classes, the average over each
/// class against the rest. Exact: it keeps all scores.
///
/// NaN while a class has no samples; the average leaves out such classes.
class Auroc {
 public:
  /// @throws ValueError  for fewer than 2 classes, or another average than macro and weighted.
  explicit Auroc(AurocOptions options = {}, Site site = {__builtin_FILE(), __builtin_LINE()});

  /// @param predictions  of two classes, scores of class 1 of the targets' shape; else, and also of
  ///                     two classes, (n, classes, ...). Floating; any increasing function of the
  ///                     scores gives the same.
  /// @param targets      (n, ...), int64 or bool.
  /// @throws ShapeError, DTypeError  for others; ValueError  for a target that is no class, or a
  ///                                 score that is NaN.
  void update(const Tensor& predictions, const Tensor& targets,
              Site site = {__builtin_FILE(), __builtin_LINE()});
  double compute() const;
  /// The area of each class against the rest, (classes), float64.
  Tensor per_class() const;
  /// DeLong's (Biometrics 1988), of two classes; NaN for fewer than two samples of either class.
  /// @throws ValueError  for more than two classes.
  double standard_error(Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// compute() and z standard errors on both sides, within [0, 1].
  /// @throws ValueError  for more than two classes, or unless 0 < confidence < 1.
  Interval interval(double confidence = 0.95,
                    Site site = {__builtin_FILE(), __builtin_LINE()}) const;

  void reset() noexcept;
  /// As if what the other one has seen had been seen here.
  /// @throws ValueError  for another number of classes.
  void merge(const Auroc& other, Site site = {__builtin_FILE(), __builtin_LINE()});
  /// "scores", (samples, 1) for two classes, else (samples, classes), and "targets", (samples).
  StateDict state_dict() const;
  /// @throws ValueError  for a state that does not fit; nothing is changed then.
  void load_state_dict(const StateDict& state, Site site = {__builtin_FILE(), __builtin_LINE()});

 private:
  void keep(const Tensor& scores, const Tensor& targets);
  Tensor all_scores() const;
  Tensor all_targets() const;
  std::int64_t columns() const noexcept { return options_.classes == 2 ? 1 : options_.classes; }

  AurocOptions options_;
  std::vector<Tensor> scores_;   // (n, columns), float64, one for each update
  std::vector<Tensor> targets_;  // (n), int64
};

}  // namespace xgrad::metrics
