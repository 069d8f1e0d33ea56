// stepping.hpp: a step of one parameter.
#pragma once

#include <iterator>
#include <utility>
#include <vector>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/ops/formula/lane_functions.hpp>
#include <xgrad/ops/formula/map_kernel.hpp>

#include "flush_denormals.hpp"
#include "method.hpp"

namespace xgrad::optim::detail {

/// A step as a map of lanes: (p, g, buffers...) to p and the buffers. The gradient is clamped to
/// `bound`, then scaled (by a negative number to maximize), before the method sees it.
template <class Options, class N = double>
struct StepMap {
  using M = Method<Options>;
  static constexpr int buffers = static_cast<int>(std::size(M::buffers));
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
      return xgrad::detail::best_kernel<StepMap, T, buffers + 2, buffers + 1>();
    });
  }
};

void check_parameter(const char* optimizer, const Tensor& p, Site site);
void check_gradient(const char* optimizer, const Tensor& p, const Tensor& g, Site site);
[[noreturn]] void refuse_twice(const char* optimizer, const Tensor& p, Site site);

/// The tensors that a step of p needs and that are not there yet, beside where they go.
template <class Options>
void make_buffers(const Tensor& p, ParameterState& state, const Options& o,
                  std::vector<std::pair<Tensor*, Tensor>>& made) {
  using M = Method<Options>;
  if (!p.grad().defined()) return;
  if (!state.step.defined()) made.emplace_back(&state.step, zeros({}, {.dtype = int64}));
  for (std::size_t k = 0; k < std::size(M::buffers); ++k)
    if (Tensor& b = state.buffers[k]; M::uses(o, static_cast<int>(k)) && !b.defined())
      made.emplace_back(&b, full_like(p.detach(), M::start(o)));
}

template <class Options>
void step_one(Tensor& p, ParameterState& state, const Options& o,
              const typename Method<Options>::template Rule<double>& rule, double scale,
              Site site) {
  using Map = StepMap<Options>;
  const Tensor g = p.grad();
  if (!g.defined()) return;
  const Map map{rule, o.clip_value.has_value(), o.clip_value.value_or(0),
                o.maximize ? -scale : scale};
  const void* in[Map::buffers + 2] = {nullptr, g.node().storage->data()};
  void* out[Map::buffers + 1] = {};
  const auto change = [&](Tensor& t, int input, int output) {
    t.node().storage->changed_at(site);
    in[input] = out[output] = t.node().storage->data();
  };
  state.step.node().storage->changed_at(site);
  ++*xgrad::detail::raw<std::int64_t>(state.step);
  change(p, 0, 0);
  for (int k = 0; k < Map::buffers; ++k)
    if (Map::M::uses(o, k)) change(state.buffers[static_cast<std::size_t>(k)], k + 2, k + 1);
  const xgrad::detail::LaneKernel kernel = Map::kernel(p.dtype());
  xgrad::detail::parallel_ranges(
      p.numel(), xgrad::detail::parallel_grain, [&](std::int64_t begin, std::int64_t end) {
        const FlushDenormals flush;
        xgrad::detail::map_elements(kernel, &map, p.dtype(), begin, end, in, out);
      });
}

}  // namespace xgrad::optim::detail
