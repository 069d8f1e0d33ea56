// stepping.hpp: how optimizers step. A method says in one struct what it keeps and what a step does
// to a lane of elements; the rest is here, once.
//
//     template <> struct Method<Options> {
//       name, buffers            its name, and those of what it keeps for a parameter
//       check(o, refuse)         calls refuse(option, value, rule) for what cannot be
//       visit(o, f)              calls f(name, option) for each
//       uses(o, k), start(o)     whether buffer k is needed; what it begins with
//       Rule<L>                  from p, g and the buffers to p and the buffers after a step
//       rule(o, state)           the Rule<double> of a step; as<L>() makes lanes of its numbers
//     };
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/ops/formula/lane_functions.hpp>
#include <xgrad/ops/formula/map_kernel.hpp>
#include <xgrad/optim/optimizer.hpp>

#include "flush_denormals.hpp"
#include "gradient_norm.hpp"

namespace xgrad::optim {
namespace detail {

template <class Options>
struct Method;

inline constexpr std::int64_t most_steps = std::int64_t{1} << 53;  // that a double can count

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

template <class Options>
void check_options(const Options& o, Site site) {
  const auto refuse = [&](const char* what, double value, const char* rule) {
    throw ValueError(
        fmt::format("{}: {} is {}; it must be {}", Method<Options>::name, what, value, rule), site);
  };
  if (!(o.lr >= 0)) refuse("lr", o.lr, "at least 0");
  if (!(o.weight_decay >= 0)) refuse("weight_decay", o.weight_decay, "at least 0");
  if (o.clip_norm && !(*o.clip_norm >= 0)) refuse("clip_norm", *o.clip_norm, "at least 0");
  if (o.clip_value && !(*o.clip_value >= 0)) refuse("clip_value", *o.clip_value, "at least 0");
  Method<Options>::check(o, refuse);
}

void check_parameter(const char* optimizer, const Tensor& p, Site site);
void check_gradient(const char* optimizer, const Tensor& p, const Tensor& g, Site site);
[[noreturn]] void refuse_twice(const char* optimizer, const Tensor& p, Site site);
[[noreturn]] void refuse_state(const char* optimizer, const std::string& why, Site site);

/// Buffers that a step of p needs and that are not there yet, beside where they go.
template <class Options>
void make_buffers(const Tensor& p, ParameterState& state, const Options& o,
                  std::vector<std::pair<Tensor*, Tensor>>& made) {
  using M = Method<Options>;
  if (!p.grad().defined()) return;
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

// The options as numbers by name, and back.

template <class T>
void put(std::map<std::string, double>& to, const char* name, const T& value) {
  to[name] = static_cast<double>(value);
}
inline void put(std::map<std::string, double>& to, const char* name,
                const std::optional<double>& value) {
  if (value) to[name] = *value;
}
template <class T>
void take(const std::map<std::string, double>& from, const char* name, T& value) {
  value = static_cast<T>(from.at(name));
}
inline void take(const std::map<std::string, double>& from, const char* name,
                 std::optional<double>& value) {
  const auto at = from.find(name);
  value = at == from.end() ? std::optional<double>() : at->second;
}
template <class Options, class F>
void visit_options(Options& o, F f) {
  f("lr", o.lr);
  f("weight_decay", o.weight_decay);
  f("maximize", o.maximize);
  f("clip_norm", o.clip_norm);
  f("clip_value", o.clip_value);
  Method<std::remove_const_t<Options>>::visit(o, f);
}

// The options of a state's group, checked as at construction.
template <class Options>
Options loaded_options(const OptimizerState::Group& group, Site site) {
  Options options;
  visit_options(options, [&]<class T>(const char* name, T& value) {
    take(group.options, name, value);
    if (std::is_same_v<T, bool> && group.options.at(name) != 0 && group.options.at(name) != 1)
      refuse_state(Method<Options>::name,
                   fmt::format("the state's option '{}' is {}; it must be 0 or 1", name,
                               group.options.at(name)),
                   site);
  });
  check_options(options, site);
  return options;
}

template <class Options>
void check_group(const OptimizerState::Group& group, const ParamGroup<Options>& own, Site site) {
  constexpr const char* name = Method<Options>::name;
  if (group.params.size() != own.params.size())
    refuse_state(name,
                 fmt::format("a group has {} parameters where the state has {}", own.params.size(),
                             group.params.size()),
                 site);
  Options probe;
  visit_options(probe, [&]<class T>(const char* option, T&) {
    if (!std::is_same_v<T, std::optional<double>> && !group.options.contains(option))
      refuse_state(name, fmt::format("the state has no option '{}'", option), site);
  });
}

template <class Options>
void check_state(const OptimizerState::Parameter& state, const Tensor& p, Site site) {
  using M = Method<Options>;
  if (state.step < 0 || state.step > most_steps)
    refuse_state(M::name,
                 fmt::format("a parameter's step is {}; it must be between 0 and 2^53", state.step),
                 site);
  for (const auto& [name, tensor] : state.buffers) {
    if (std::find(std::begin(M::buffers), std::end(M::buffers), name) == std::end(M::buffers))
      refuse_state(M::name, fmt::format("the state has an unknown buffer '{}'", name), site);
    if (!tensor.defined() || tensor.shape() != p.shape() || tensor.dtype() != p.dtype())
      refuse_state(
          M::name,
          fmt::format("'{}' does not fit the parameter {}", name, xgrad::detail::describe(p)),
          site);
  }
}

template <class Options>
ParameterState loaded_state(const OptimizerState::Parameter& from) {
  ParameterState state{from.step, {}};
  for (const char* const name : Method<Options>::buffers) {
    const auto kept = from.buffers.find(name);
    state.buffers.push_back(kept == from.buffers.end() ? Tensor() : kept->second.clone());
  }
  return state;
}

}  // namespace detail

template <class Options>
OptimizerOf<Options>::OptimizerOf(std::vector<Tensor> params, Options options, Site site)
    : OptimizerOf(std::vector<ParamGroup<Options>>{{std::move(params), options}}, site) {}

template <class Options>
OptimizerOf<Options>::OptimizerOf(std::vector<ParamGroup<Options>> groups, Site site)
    : groups_(std::move(groups)) {
  using M = detail::Method<Options>;
  std::vector<const xgrad::detail::Node*> seen;
  for (const ParamGroup<Options>& group : groups_) {
    detail::check_options(group.options, site);
    states_.emplace_back(group.params.size(),
                         detail::ParameterState{0, std::vector<Tensor>(std::size(M::buffers))});
    for (const Tensor& p : group.params) {
      detail::check_parameter(M::name, p, site);
      if (std::find(seen.begin(), seen.end(), &p.node()) != seen.end())
        detail::refuse_twice(M::name, p, site);
      seen.push_back(&p.node());
    }
  }
  if (seen.empty())
    throw ValueError(fmt::format("{}: there are no parameters to step", M::name), site);
}

template <class Options>
void OptimizerOf<Options>::step(Site site) {
  const OpScope scope(detail::Method<Options>::name, site);
  std::vector<Tensor> all;
  for (const ParamGroup<Options>& group : groups_) {
    detail::check_options(group.options, site);
    for (const Tensor& p : group.params) {
      if (const Tensor g = p.grad(); g.defined())
        detail::check_gradient(detail::Method<Options>::name, p, g, site);
      all.push_back(p);
    }
  }
  const Options& first = groups_.front().options;
  const double scale =
      first.clip_norm
          ? detail::clip_factor(detail::total_norm(all, 2, first.clip_value), *first.clip_norm)
          : 1;
  std::vector<std::pair<Tensor*, Tensor>>
      made;  // what needs memory comes first: a whole step or none
  for (std::size_t i = 0; i < groups_.size(); ++i)
    for (std::size_t k = 0; k < groups_[i].params.size(); ++k)
      detail::make_buffers(groups_[i].params[k], states_[i][k], groups_[i].options, made);
  std::vector<typename detail::Method<Options>::template Rule<double>> rules;
  rules.reserve(all.size());
  // Before the buffers are there: SGD's momentum begins as the first gradient.
  for (std::size_t i = 0; i < groups_.size(); ++i)
    for (std::size_t k = 0; k < groups_[i].params.size(); ++k) {
      if (groups_[i].params[k].grad().defined()) ++states_[i][k].step;
      rules.push_back(detail::Method<Options>::rule(groups_[i].options, states_[i][k]));
    }
  for (auto& [buffer, begun] : made) *buffer = std::move(begun);
  auto next = rules.begin();
  for (std::size_t i = 0; i < groups_.size(); ++i)
    for (std::size_t k = 0; k < groups_[i].params.size(); ++k)
      detail::step_one(groups_[i].params[k], states_[i][k], groups_[i].options, *next++, scale,
                       site);
}

template <class Options>
void OptimizerOf<Options>::zero_grad() {
  for (ParamGroup<Options>& group : groups_)
    for (Tensor& p : group.params) p.zero_grad();
}

template <class Options>
Tensor OptimizerOf<Options>::state(const Tensor& parameter, std::string_view name) const {
  const auto& names = detail::Method<Options>::buffers;
  const auto at = std::find(std::begin(names), std::end(names), name);
  for (std::size_t i = 0; at != std::end(names) && i < groups_.size(); ++i)
    for (std::size_t k = 0; k < groups_[i].params.size(); ++k)
      if (&groups_[i].params[k].node() == &parameter.node())
        return states_[i][k].buffers[static_cast<std::size_t>(at - std::begin(names))];
  return {};
}

template <class Options>
OptimizerState OptimizerOf<Options>::state_dict() const {
  OptimizerState all;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    OptimizerState::Group& group = all.groups.emplace_back();
    detail::visit_options(groups_[i].options, [&](const char* name, const auto& value) {
      detail::put(group.options, name, value);
    });
    for (const detail::ParameterState& own : states_[i]) {
      group.params.push_back(all.state.size());
      OptimizerState::Parameter& state = all.state.emplace_back();
      state.step = own.step;
      for (std::size_t k = 0; k < own.buffers.size(); ++k)
        if (own.buffers[k].defined())
          state.buffers[detail::Method<Options>::buffers[k]] = own.buffers[k].clone();
    }
  }
  return all;
}

template <class Options>
void OptimizerOf<Options>::load_state_dict(const OptimizerState& state, Site site) {
  using M = detail::Method<Options>;
  const OpScope scope(M::name, site);
  if (state.groups.size() != groups_.size())
    detail::refuse_state(
        M::name,
        fmt::format("there are {} groups, the state has {}", groups_.size(), state.groups.size()),
        site);
  // All is made before anything is changed: what is refused, or lacks memory, leaves no trace.
  std::vector<Options> options;
  std::vector<std::vector<detail::ParameterState>> states;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    detail::check_group(state.groups[i], groups_[i], site);
    options.push_back(detail::loaded_options<Options>(state.groups[i], site));
    std::vector<detail::ParameterState>& own = states.emplace_back();
    for (std::size_t k = 0; k < groups_[i].params.size(); ++k) {
      if (state.groups[i].params[k] >= state.state.size())
        detail::refuse_state(M::name, "the state of a parameter is missing", site);
      const OptimizerState::Parameter& from = state.state[state.groups[i].params[k]];
      detail::check_state<Options>(from, groups_[i].params[k], site);
      own.push_back(detail::loaded_state<Options>(from));
    }
  }
  for (std::size_t i = 0; i < groups_.size(); ++i) groups_[i].options = options[i];
  states_.swap(states);
}

}  // namespace xgrad::optim
