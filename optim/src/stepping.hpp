// stepping.hpp: a step of one parameter: planned, which may fail, then taken, which may not.
#pragma once

#include <array>
#include <iterator>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/formula/lane_functions.hpp>
#include <xgrad/ops/formula/map_kernel.hpp>

#include "flush_denormals.hpp"
#include "method.hpp"

namespace xgrad::optim::detail {

/// A step as a map of lanes: (p, g, buffers...) to p and the buffers. The gradient is clamped to
/// `bound`, then scaled (by a negative number to maximize), before the method sees it. A direction
/// comes after the buffers.
template <class Options, class N = double>
struct StepMap {
  using M = Method<Options>;
  static constexpr int buffers = static_cast<int>(std::size(M::buffers));
  static constexpr int inputs = buffers + (has_direction<Options> ? 3 : 2);
  typename M::template Rule<N> rule;
  bool bounded;
  N bound, scale;

  template <class L>
  StepMap<Options, L> on() const {
    return {rule.template as<L>(), bounded, bound, scale};
  }
  template <class... Buffers>
  auto operator()(const N& p, N g, const Buffers&... buffer) const {
    if (bounded) g = where(g > bound, bound, where(g < -bound, -bound, g));
    return rule(p, g * scale, buffer...);
  }
  static xgrad::detail::LaneKernel kernel(DType dtype) {
    return dispatch_floating(dtype, []<class T>() {
      return xgrad::detail::best_kernel<StepMap, T, inputs, buffers + 1>();
    });
  }
};

/// The step of a method that reads the gradient alone: p - lr g. It takes half the time of StepMap
/// with its decisions.
template <class N = double>
struct PlainStepMap {
  N lr, scale;

  template <class L>
  PlainStepMap<L> on() const {
    return {lr, scale};
  }
  std::array<N, 1> operator()(const N& p, const N& g) const { return {p - lr * (g * scale)}; }
  static xgrad::detail::LaneKernel kernel(DType dtype) {
    return dispatch_floating(
        dtype, []<class T>() { return xgrad::detail::best_kernel<PlainStepMap, T, 2, 1>(); });
  }
};

void check_gradient(const char* optimizer, const Tensor& p, const Tensor& g, Site site);
/// @throws  for a parameter that cannot be stepped or comes twice, and for none.
void check_parameters(const char* optimizer, const std::vector<Tensor>& all, Site site);

/// The gradient as StepMap hands it to a method.
Tensor clipped(const Tensor& g, const std::optional<double>& bound, double scale);

/// The next step of a parameter that has a gradient.
template <class Options>
class PlannedStep {
 public:
  /// Makes all that the step needs. Changes nothing. The parameter outlives the step.
  PlannedStep(const Tensor& p, Tensor&& gradient, ParameterState& state, const Options& o,
              double scale)
      : p_(&p), g_(std::move(gradient)), state_(&state), map_(planned(state, o, scale)) {
    if constexpr (has_direction<Options>)
      direction_ = M::direction(o, state, clipped(g_, o.clip_value, map_.scale));
    make(state.step, {}, 0, int64);
    for (std::size_t k = 0; k < std::size(M::buffers); ++k) {
      uses_[k] = M::uses(o, static_cast<int>(k));
      if (uses_[k]) make(state.buffers[k], p.shape(), M::start(o, static_cast<int>(k)), p.dtype());
    }
    for (Tensor& number : state.numbers) make(number, {}, 0, float64);
  }

  /// Puts what was made into the state.
  void begin() {
    for (auto& [to, tensor] : made_) *to = std::move(tensor);
  }
  void take(Site site) {
    const void* in[Map::inputs] = {nullptr, g_.node().storage->data()};
    void* out[Map::buffers + 1] = {};
    change<std::int64_t>(state_->step, site)[0] += 1;
    in[0] = out[0] = change<void>(*p_, site);
    for (std::size_t k = 0; k < std::size(M::buffers); ++k)
      if (uses_[k]) in[k + 2] = out[k + 1] = change<void>(state_->buffers[k], site);
    for (std::size_t k = 0; k < numbers_.size(); ++k)
      change<double>(state_->numbers[k], site)[0] = numbers_[k];
    if constexpr (has_direction<Options>)
      in[Map::buffers + 2] = xgrad::detail::raw<void>(direction_);
    if constexpr (requires { M::is_plain(map_.rule); })
      if (M::is_plain(map_.rule) && !map_.bounded)
        return run(PlainStepMap<>{map_.rule.lr, map_.scale}, {in, 2}, {out, 1});
    run(map_, in, out);
  }

 private:
  using M = Method<Options>;
  using Map = StepMap<Options>;

  template <class AnyMap>
  void run(const AnyMap& map, std::span<const void* const> in, std::span<void* const> out) {
    const xgrad::detail::LaneKernel kernel = AnyMap::kernel(p_->dtype());
    xgrad::detail::parallel_ranges(
        p_->numel(), xgrad::detail::parallel_grain, [&](std::int64_t begin, std::int64_t end) {
          const FlushDenormals flush;
          xgrad::detail::map_elements(kernel, &map, p_->dtype(), begin, end, in, out);
        });
  }
  Map planned(const ParameterState& state, const Options& o, double scale) {
    return {rule(state, o, static_cast<double>(steps_of(state) + 1)), o.clip_value.has_value(),
            o.clip_value.value_or(0), o.maximize ? -scale : scale};
  }
  typename M::template Rule<double> rule(const ParameterState& state, const Options& o, double t) {
    if constexpr (has_numbers<Options>) {
      numbers_ = M::begin(o);
      for (std::size_t k = 0; k < numbers_.size(); ++k)
        if (state.numbers[k].defined()) numbers_[k] = *xgrad::detail::raw<double>(state.numbers[k]);
      return M::rule(o, state, t, numbers_);
    } else {
      return M::rule(o, state, t);
    }
  }
  void make(Tensor& to, const Shape& shape, double value, DType dtype) {
    if (!to.defined()) made_.emplace_back(&to, full(shape, value, {.dtype = dtype}));
  }
  template <class T>
  static T* change(const Tensor& t, Site site) {
    t.node().storage->changed_at(site);
    return xgrad::detail::raw<T>(t);
  }

  const Tensor* p_;
  Tensor g_, direction_;
  ParameterState* state_;
  NumbersOf<Options> numbers_ = {};  // after the step
  Map map_;
  std::array<bool, std::size(M::buffers)> uses_ = {};
  std::vector<std::pair<Tensor*, Tensor>> made_;
};

}  // namespace xgrad::optim::detail
