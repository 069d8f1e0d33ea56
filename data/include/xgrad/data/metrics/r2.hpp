// r2.hpp: the share of the targets' variance that a regression explains.
#pragma once

#include <xgrad/graph/state_dict.hpp>

namespace xgrad::metrics {

/// How the scores of several outputs become one: their mean, or their mean by the variance of the
/// targets.
enum class MultiOutput { uniform_average, variance_weighted };

struct R2Options {
  std::int64_t adjusted = 0;  ///< regressors, for the adjusted score
  MultiOutput multioutput = MultiOutput::uniform_average;
};

/// The coefficient of determination, 1 - sum (y - prediction)^2 / sum (y - mean y)^2, as
/// scikit-learn defines it: 1 for a perfect prediction, 0 for that of the mean, less for worse. Of
/// constant targets it is 1 if every prediction is right and 0 otherwise. NaN for fewer than two
/// samples.
///
/// With `adjusted` = p regressors and n samples: 1 - (1 - R2) (n - 1) / (n - p - 1), NaN unless
/// n > p + 1.
class R2 {
 public:
  /// @throws ValueError  if adjusted is negative.
  explicit R2(R2Options options = {}, Site site = {__builtin_FILE(), __builtin_LINE()});

  /// @param predictions, targets  both (n) or (n, outputs), of any dtype but bool.
  /// @throws ShapeError  for others, or another number of outputs than before.
  void update(const Tensor& predictions, const Tensor& targets,
              Site site = {__builtin_FILE(), __builtin_LINE()});
  double compute() const;
  /// The score of each output, (outputs), float64, not adjusted.
  Tensor per_output() const;

  void reset() noexcept { moments_ = {}; }
  /// As if what the other one has seen had been seen here.
  /// @throws ShapeError  for another number of outputs.
  void merge(const R2& other, Site site = {__builtin_FILE(), __builtin_LINE()});
  /// "count", and if it is not 0 "moments", (3, outputs): the targets' mean, their sum of squares
  /// about it, the sum of squared residuals.
  StateDict state_dict() const;
  /// @throws ValueError  for a state that does not fit; nothing is changed then.
  void load_state_dict(const StateDict& state, Site site = {__builtin_FILE(), __builtin_LINE()});

 private:
  std::int64_t outputs() const { return moments_.sums.defined() ? moments_.sums.size(1) : 0; }

  struct Moments {
    std::int64_t count = 0;
    Tensor sums;  // (3, outputs), float64; undefined for nothing seen
  };
  static Moments moments_of(const Tensor& predictions, const Tensor& targets);
  static Moments merged(const Moments& a, const Moments& b);

  R2Options options_;
  Moments moments_;
};

}  // namespace xgrad::metrics
