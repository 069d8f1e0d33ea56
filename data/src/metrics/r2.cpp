#include <xgrad/data/metrics/r2.hpp>

#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/state_reader.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::metrics {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void check_pair(const Tensor& predictions, const Tensor& targets) {
  if (predictions.dtype() == bool_ || targets.dtype() == bool_)
    throw DTypeError(fmt::format("R2: predictions are {} and targets are {}; they must be numbers",
                                 xgrad::detail::describe(predictions),
                                 xgrad::detail::describe(targets)));
  if (predictions.shape() != targets.shape() || targets.dim() < 1 || targets.dim() > 2)
    throw ShapeError(
        fmt::format("R2: predictions are {} and targets are {}; both must be (n) or "
                    "(n, outputs)",
                    xgrad::detail::describe(predictions), xgrad::detail::describe(targets)));
}

}  // namespace

R2::R2(R2Options options, Site site) : options_(options) {
  if (options.adjusted < 0)
    throw ValueError(fmt::format("R2: adjusted is {}; it must be at least 0", options.adjusted),
                     site);
}

R2::Moments R2::moments_of(const Tensor& predictions, const Tensor& targets) {
  const std::int64_t n = targets.size(0);
  if (n == 0) return {};
  const std::int64_t outputs = targets.dim() == 1 ? 1 : targets.size(1);
  const Tensor y = targets.to(float64).reshape({n, outputs});
  const Tensor residual = y - predictions.to(float64).reshape({n, outputs});
  const Tensor mean = y.mean(0);
  return {n, stack({mean, square(y - mean).sum(0), square(residual).sum(0)})};
}

// Chan, Golub and LeVeque, 1979.
R2::Moments R2::merged(const Moments& a, const Moments& b) {
  if (a.count == 0) return b;
  if (b.count == 0) return a;
  const auto na = static_cast<double>(a.count), nb = static_cast<double>(b.count);
  const Tensor apart = b.sums[0] - a.sums[0];
  const Tensor mean = a.sums[0] + apart * (nb / (na + nb));
  const Tensor about = a.sums[1] + b.sums[1] + square(apart) * (na * nb / (na + nb));
  return {a.count + b.count, stack({mean, about, a.sums[2] + b.sums[2]})};
}

void R2::update(const Tensor& predictions, const Tensor& targets, Site site) {
  const OpScope scope("R2", site);
  const NoGrad guard;
  check_pair(predictions, targets);
  R2 seen;
  seen.moments_ = moments_of(predictions, targets);
  merge(seen, site);
}

void R2::merge(const R2& other, Site site) {
  const OpScope scope("R2", site);
  const NoGrad guard;
  if (moments_.count > 0 && other.moments_.count > 0 && outputs() != other.outputs())
    throw ShapeError(
        fmt::format("R2: there were {} outputs, and now there are {}; the numbers must "
                    "be the same",
                    outputs(), other.outputs()));
  moments_ = merged(moments_, other.moments_);
}

Tensor R2::per_output() const {
  Tensor scores = empty({outputs()}, {.dtype = float64});
  double* const score = scores.mutable_data<double>();
  for (std::int64_t i = 0; i < outputs(); ++i) {
    const double* const sums = moments_.sums.data<double>() + i;
    const double about = sums[outputs()], residual = sums[2 * outputs()];
    if (moments_.count < 2)
      score[i] = nan;
    else if (about == 0)
      score[i] = residual == 0 ? 1 : 0;
    else
      score[i] = 1 - residual / about;
  }
  return scores;
}

double R2::compute() const {
  const NoGrad guard;
  if (moments_.count < 2 || outputs() == 0) return nan;
  const Tensor scores = per_output(), about = moments_.sums[1];
  const double total = about.sum().item<double>();
  const bool weighted = options_.multioutput == MultiOutput::variance_weighted && total > 0;
  const double score = (weighted ? (scores * about).sum() / total : scores.mean()).item<double>();
  if (options_.adjusted == 0) return score;
  const auto n = static_cast<double>(moments_.count), p = static_cast<double>(options_.adjusted);
  return n > p + 1 ? 1 - (1 - score) * (n - 1) / (n - p - 1) : nan;
}

StateDict R2::state_dict() const {
  StateDict state{{"count", moments_.count}};
  if (moments_.count > 0) state.set("moments", moments_.sums.clone());
  return state;
}

void R2::load_state_dict(const StateDict& state, Site site) {
  const OpScope scope("load_state_dict", site);
  xgrad::detail::StateReader from(state);
  Moments loaded;
  from.read("count", loaded.count);
  if (loaded.count < 0)
    from.refuse("count", "an integer of at least 0", fmt::format("{}", loaded.count));
  if (loaded.count > 0) {
    const auto found = state.find("moments");
    const Tensor* const any = found == state.end() ? nullptr : std::get_if<Tensor>(&found->value);
    const bool matrix = any != nullptr && any->dim() == 2;
    loaded.sums = from.tensor("moments", {3, matrix ? any->size(1) : 1}, float64);
  }
  from.check_fits("R2", "names, shapes and dtypes must be the same");
  if (loaded.sums.defined()) loaded.sums = loaded.sums.detach().clone();
  moments_ = loaded;
}

}  // namespace xgrad::metrics
