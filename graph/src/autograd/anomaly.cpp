#include "autograd/anomaly.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace xgrad::detail {

thread_local constinit bool detect_anomalies = false;

namespace {

// What is among some elements.
struct FiniteStats {
  std::int64_t nans = 0, infinities = 0, first = -1;  // first: the place of the first of either
  double low = INFINITY, high = -INFINITY;            // of the finite ones

  void add(double v, std::int64_t at) {
    if (std::isfinite(v)) {
      low = std::min(low, v);
      high = std::max(high, v);
      return;
    }
    ++(std::isnan(v) ? nans : infinities);
    if (first < 0) first = at;
  }
  std::string text() const {
    const std::string range =
        low > high ? "no finite values" : fmt::format("values in [{:.6g}, {:.6g}]", low, high);
    return nans + infinities == 0 ? range
                                  : fmt::format("{}, {} NaN, {} infinite", range, nans, infinities);
  }
};

FiniteStats finite_stats_of(const Value& value) {
  FiniteStats c;
  if (!value.storage) return c;
  dispatch(value.dtype, [&]<class T>() {
    const T* const from = value.data<T>();
    for (std::int64_t i = 0, n = value.shape.numel(); i < n; ++i)
      c.add(static_cast<double>(from[i]), i);
  });
  return c;
}
FiniteStats finite_stats_of(const Operand& x) {
  FiniteStats c;
  if (!x.defined()) return c;
  if (!x.is_number()) return finite_stats_of(value_of(x.tensor()));
  c.add(x.number<double>(), 0);
  return c;
}

std::string place_of(std::int64_t element, const Shape& shape) {
  std::vector<std::int64_t> place(static_cast<std::size_t>(shape.dim()));
  for (int i = shape.dim(); i-- > 0; element /= shape[i])
    place[static_cast<std::size_t>(i)] = element % shape[i];
  return fmt::format("[{}]", fmt::join(place, ", "));
}

// Whether there are NaN, or infinities, that did not come from what went in.
bool is_new(const FiniteStats& made, const std::vector<FiniteStats>& given) {
  bool had_nan = false, had_infinity = false;
  for (const FiniteStats& c : given) {
    had_nan = had_nan || c.nans > 0;
    had_infinity = had_infinity || c.infinities > 0;
  }
  return (made.nans > 0 && !had_nan) || (made.infinities > 0 && !had_infinity && !had_nan);
}

std::string what(const FiniteStats& made, const Shape& shape) {
  return fmt::format("{} NaN and {} infinities (the first at {})", made.nans, made.infinities,
                     place_of(made.first, shape));
}

}  // namespace

void check_result(const char* op, const Operand* inputs, std::size_t count, const Value& value) {
  if (!is_floating(value.dtype)) return;
  const FiniteStats made = finite_stats_of(value);
  if (made.first < 0) return;
  std::vector<FiniteStats> given;
  std::string ranges;
  for (std::size_t i = 0; i < count; ++i) {
    given.push_back(finite_stats_of(inputs[i]));
    ranges += fmt::format("; input {} is {}, {}", i, describe(inputs[i]), given.back().text());
  }
  if (is_new(made, given))
    throw AnomalyError(fmt::format("{}: the result {} has {}{}", op, to_string(value.shape),
                                   what(made, value.shape), ranges),
                       count == 0 ? Site{} : inputs[0].site());
}

namespace {

// All that a local gradient had: the upstream gradients, and the inputs whose values are there.
struct Given {
  std::vector<FiniteStats> all;
  std::string text;

  void add(const std::string& what, const Value& value) {
    all.push_back(finite_stats_of(value));
    text +=
        fmt::format("; {} is {}, {}", what, describe(constant(Value(value))), all.back().text());
  }
};
Given given_to(Function& function, std::span<const Tensor> upstream) {
  Given given;
  for (const Tensor& dy : upstream)
    if (dy.defined()) given.add("the upstream gradient", value_of(dy));
  for (std::uint32_t i = 0; i < function.edge_count; ++i)
    if (Node* const from = function.edges()[i].node; from != nullptr && from->storage)
      given.add(fmt::format("input {}", i), {from->storage, from->shape, from->dtype});
  return given;
}

}  // namespace

void AnomalyObserver::passed(Node& node, std::span<const Tensor> dy, const Contributions& given,
                             const Probe&) {
  for (const auto& [input, to, gradient] : given) {
    const FiniteStats made = finite_stats_of(value_of(gradient));
    if (made.first < 0 || input < 0) continue;
    const Given had = given_to(*node.function(), dy);
    if (!is_new(made, had.all)) continue;
    const OpScopeGuard line_of_node;  // not that of the sweep
    throw AnomalyError(fmt::format("the gradient of {} for input {} has {}{}", node.function()->op,
                                   input, what(made, gradient.shape()), had.text),
                       node.site);
  }
}

}  // namespace xgrad::detail
