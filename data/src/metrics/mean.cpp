#include <xgrad/data/metrics/mean.hpp>

#include <cmath>
#include <limits>

#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/state_reader.hpp>
#include <xgrad/ops/reshape.hpp>

#include "normal_quantile.hpp"

namespace xgrad::metrics {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void check_weight(double weight) {
  if (!(weight >= 0) || !std::isfinite(weight))
    throw ValueError(
        fmt::format("Mean: a weight is {}; weights must be finite and at least 0", weight));
}

}  // namespace

void Mean::update(double value, double weight, Site site) {
  const OpScope scope("Mean", site);
  check_weight(weight);
  if (weight == 0) return;
  Mean one;
  one.count_ = 1;
  one.weight_ = weight;
  one.mean_ = value;
  one.squared_weight_ = weight * weight;
  merge(one);
}

void Mean::update(const Tensor& values, const Tensor& weights, Site site) {
  const OpScope scope("Mean", site);
  const NoGrad guard;
  const Tensor x = values.to(float64);
  Tensor w;
  if (weights.defined()) w = broadcast_to(weights.to(float64), x.shape());
  Mean seen;
  for (std::int64_t i = 0; i < x.numel(); ++i)
    seen.update(x.data<double>()[i], w.defined() ? w.data<double>()[i] : 1, site);
  merge(seen);
}

double Mean::compute() const noexcept { return weight_ > 0 ? mean_ : nan; }

double Mean::standard_error() const noexcept {
  if (count_ < 2) return nan;
  const auto n = static_cast<double>(count_);
  return std::sqrt(n / (n - 1) * second_moment_) / weight_;
}

Interval Mean::interval(double confidence, Site site) const {
  const OpScope scope("Mean", site);
  const double half = detail::normal_quantile("Mean", confidence) * standard_error();
  return {compute() - half, compute() + half};
}

// The moments about another mean.
void Mean::move_to(double mean) noexcept {
  const double by = mean - mean_;
  second_moment_ += by * (by * squared_weight_ - 2 * first_moment_);
  first_moment_ -= by * squared_weight_;
  mean_ = mean;
}

void Mean::merge(const Mean& other) noexcept {
  if (other.count_ == 0) return;
  Mean moved = other;
  const double weight = weight_ + other.weight_;
  const double mean = mean_ + (other.mean_ - mean_) * (other.weight_ / weight);
  move_to(mean);
  moved.move_to(mean);
  count_ += moved.count_;
  weight_ = weight;
  squared_weight_ += moved.squared_weight_;
  first_moment_ += moved.first_moment_;
  second_moment_ += moved.second_moment_;
}

StateDict Mean::state_dict() const {
  return {{"count", count_},
          {"weight", weight_},
          {"mean", mean_},
          {"squared_weight", squared_weight_},
          {"first_moment", first_moment_},
          {"second_moment", second_moment_}};
}

void Mean::load_state_dict(const StateDict& state, Site site) {
  const OpScope scope("load_state_dict", site);
  Mean loaded;
  xgrad::detail::StateReader from(state);
  from.read("count", loaded.count_);
  from.read("weight", loaded.weight_);
  from.read("mean", loaded.mean_);
  from.read("squared_weight", loaded.squared_weight_);
  from.read("first_moment", loaded.first_moment_);
  from.read("second_moment", loaded.second_moment_);
  if (loaded.count_ < 0 || !(loaded.weight_ >= 0))
    from.refuse("count", "a count and a weight of at least 0",
                fmt::format("{} and {}", loaded.count_, loaded.weight_));
  from.check_fits("Mean", "names and types must be the same");
  *this = loaded;
}

}  // namespace xgrad::metrics
