// mean.hpp: the mean of numbers that come one after the other.
#pragma once

#include <xgrad/data/metrics/interval.hpp>
#include <xgrad/graph/state_dict.hpp>

namespace xgrad::metrics {

/// The weighted mean of all numbers seen, such as losses:
///
///     metrics::Mean mean_loss;
///     for (auto [x, y] : loader) mean_loss.update(loss.item<double>(), x.size(0));
///     mean_loss.compute();
///
/// Sums are float64, about the running mean (Chan, Golub and LeVeque, 1979). NaN for nothing seen.
class Mean {
 public:
  /// @throws ValueError  for a weight that is negative or not finite.
  void update(double value, double weight = 1, Site site = {__builtin_FILE(), __builtin_LINE()});
  /// Every element, of any dtype and shape.
  /// @param weights  expands to the shape of values; undefined for 1.
  /// @throws ShapeError  if the weights do not expand; ValueError  as above.
  void update(const Tensor& values, const Tensor& weights = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});

  double compute() const noexcept;
  /// Of the mean: s / sqrt(n) if all weights are equal, and the ratio estimator's otherwise
  /// (Cochran, Sampling Techniques, 1977). NaN for fewer than two numbers.
  double standard_error() const noexcept;
  /// compute() and z standard errors on both sides, z the normal quantile.
  /// @throws ValueError  unless 0 < confidence < 1.
  Interval interval(double confidence = 0.95,
                    Site site = {__builtin_FILE(), __builtin_LINE()}) const;

  void reset() noexcept { *this = Mean(); }
  /// As if what the other one has seen had been seen here.
  void merge(const Mean& other) noexcept;
  StateDict state_dict() const;
  /// @throws ValueError  for a state that does not fit; nothing is changed then.
  void load_state_dict(const StateDict& state, Site site = {__builtin_FILE(), __builtin_LINE()});

 private:
  void move_to(double mean) noexcept;

  std::int64_t count_ = 0;  // of numbers whose weight is not 0
  double weight_ = 0;       // sum of w
  double mean_ = 0;
  double squared_weight_ = 0;  // sum of w^2
  double first_moment_ = 0;    // sum of w^2 (x - mean)
  double second_moment_ = 0;   // sum of w^2 (x - mean)^2
};

}  // namespace xgrad::metrics
