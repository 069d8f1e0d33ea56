// optimizer_of.hpp: the members of OptimizerOf, around a Method.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

#include "nonfinite.hpp"
#include "saving.hpp"
#include "stepping.hpp"

namespace xgrad::optim {

template <class Options>
OptimizerOf<Options>::OptimizerOf(std::vector<Tensor> params, Options options, Site site)
    : OptimizerOf(std::vector<ParamGroup<Options>>{{std::move(params), options}}, site) {}

template <class Options>
OptimizerOf<Options>::OptimizerOf(std::vector<ParamGroup<Options>> groups, Site site)
    : groups_(std::move(groups)), initial_lrs_(groups_.size()) {
  using M = detail::Method<Options>;
  detail::check_parameters(M::name, parameters(), site);
  for (const ParamGroup<Options>& group : groups_) {
    detail::check_options(group.options, site);
    if constexpr (requires { &M::check_parameter; })
      for (const Tensor& p : group.params) M::check_parameter(p, site);
    states_.emplace_back(group.params.size(), detail::no_state<Options>());
  }
}

template <class Options>
void OptimizerOf<Options>::step(Site site) {
  const OpScope scope(detail::Method<Options>::name, site);
  std::vector<Tensor> all, gradients;  // undefined where there is none
  for (const ParamGroup<Options>& group : groups_) {
    detail::check_options(group.options, site);
    for (const Tensor& p : group.params) {
      all.push_back(p);
      gradients.push_back(p.grad());
      if (gradients.back().defined())
        detail::check_gradient(detail::Method<Options>::name, p, gradients.back(), site);
    }
  }
  const std::optional<double> scale =
      detail::gradient_scale(detail::Method<Options>::name, all,
                             detail::policy_of(groups_.front().options), skipped_, site);
  if (!scale) return;
  std::vector<detail::PlannedStep<Options>> planned;  // what can fail comes first: all or nothing
  planned.reserve(all.size());
  std::size_t number = 0;
  for (std::size_t i = 0; i < groups_.size(); ++i)
    for (std::size_t k = 0; k < groups_[i].params.size(); ++k, ++number)
      if (gradients[number].defined())
        planned.emplace_back(all[number], std::move(gradients[number]), states_[i][k],
                             groups_[i].options, *scale);
  for (auto& step : planned) step.begin();
  for (auto& step : planned) step.take(site);
}

template <class Options>
void OptimizerOf<Options>::zero_grad() {
  for (ParamGroup<Options>& group : groups_)
    for (Tensor& p : group.params) p.zero_grad();
}

template <class Options>
std::vector<Tensor> OptimizerOf<Options>::parameters() const {
  std::vector<Tensor> all;
  for (const ParamGroup<Options>& group : groups_)
    all.insert(all.end(), group.params.begin(), group.params.end());
  return all;
}

template <class Options>
Tensor OptimizerOf<Options>::state(const Tensor& parameter, std::string_view name) const {
  for (std::size_t i = 0; i < groups_.size(); ++i)
    for (std::size_t k = 0; k < groups_[i].params.size(); ++k)
      if (&groups_[i].params[k].node() == &parameter.node())
        return detail::kept(states_[i][k], detail::names_kept<Options>, name);
  return {};
}

template <class Options>
StateDict OptimizerOf<Options>::state_dict() const {
  using M = detail::Method<Options>;
  StateDict all{{"optimizer", M::name}};
  for (std::size_t i = 0; i < groups_.size(); ++i)
    detail::save_group(all, i, groups_[i], initial_lrs_[i]);
  std::size_t number = 0;
  for (const auto& group : states_)
    for (const detail::ParameterState& state : group)
      detail::save_parameter(all, number++, detail::names_kept<Options>, state);
  return all;
}

template <class Options>
void OptimizerOf<Options>::load_state_dict(const StateDict& state, Site site) {
  using M = detail::Method<Options>;
  const OpScope scope("load_state_dict", site);
  xgrad::detail::StateReader reader(state);
  detail::check_origin(reader, M::name, detail::sizes_of(groups_));
  // All is made before anything is changed: what is refused, or lacks memory, leaves no trace.
  std::vector<Options> options(groups_.size());
  std::vector<std::optional<double>> initial_lrs(groups_.size());
  std::vector<std::vector<detail::ParameterState>> states(groups_.size());
  std::size_t number = 0;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    detail::load_options(reader, i, options[i]);
    detail::load_option(reader, detail::option_name(i, "initial_lr"), initial_lrs[i]);
    const std::vector<bool> required = detail::required_buffers(options[i]);
    for (const Tensor& p : groups_[i].params)
      states[i].push_back(
          detail::load_parameter(reader, number++, detail::names_kept<Options>, required, p));
  }
  reader.check_fits(M::name, "options, buffers and shapes must match those of the saved optimizer");
  for (const Options& o : options) detail::check_options(o, site);
  for (const std::optional<double>& lr : initial_lrs) detail::check_initial_lr<Options>(lr, site);
  for (auto& group : states)
    for (detail::ParameterState& own : group) detail::copy_tensors(own);
  for (std::size_t i = 0; i < groups_.size(); ++i) groups_[i].options = options[i];
  initial_lrs_.swap(initial_lrs);
  states_.swap(states);
}

template <class Options>
std::vector<ScheduledGroup> OptimizerOf<Options>::scheduled_groups() {
  std::vector<ScheduledGroup> all;
  for (std::size_t i = 0; i < groups_.size(); ++i)
    all.push_back(detail::scheduled_group(groups_[i].options, initial_lrs_[i]));
  return all;
}

}  // namespace xgrad::optim
