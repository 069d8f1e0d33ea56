// method.hpp: an optimizer's options, buffers and update rule in one struct. The rest is written
// once, in optimizer_of.hpp.
//
//     template <> struct Method<Options> {
//       name, buffers            its name, and those of what it keeps for a parameter
//       check(o, refuse)         calls refuse(option, value, rule) for what cannot be
//       visit(o, f)              calls f(name, option) for each that only this method has
//       uses(o, k), start(o)     whether buffer k is needed; what it begins with
//       Rule<L>                  from p, g and the buffers to p and the buffers after a step
//       rule(o, state, t)        the Rule<double> of step t; as<L>() makes lanes of its numbers
//     };
#pragma once

#include <array>
#include <cmath>
#include <optional>
#include <type_traits>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim::detail {

template <class Options>
struct Method;

template <class Options>
[[noreturn]] void refuse_option(const char* what, double value, const char* rule, Site site) {
  throw ValueError(
      fmt::format("{}: {} is {}; it must be {}", Method<Options>::name, what, value, rule), site);
}

template <class Options>
void check_options(const Options& o, Site site) {
  const auto refuse = [&](const char* what, double value, const char* rule) {
    refuse_option<Options>(what, value, rule, site);
  };
  if (!(o.lr >= 0)) refuse("lr", o.lr, "at least 0");
  if (!(o.weight_decay >= 0)) refuse("weight_decay", o.weight_decay, "at least 0");
  if (o.clip_norm && !(*o.clip_norm >= 0)) refuse("clip_norm", *o.clip_norm, "at least 0");
  if (o.clip_value && !(*o.clip_value >= 0)) refuse("clip_value", *o.clip_value, "at least 0");
  Method<Options>::check(o, refuse);
}

template <class Options>
void check_initial_lr(const std::optional<double>& lr, Site site) {
  if (lr && !(*lr >= 0)) refuse_option<Options>("initial_lr", *lr, "at least 0", site);
}

/// Calls f(name, option) for each option.
template <class Options, class F>
void visit_options(Options& o, F f) {
  f("lr", o.lr);
  f("weight_decay", o.weight_decay);
  f("maximize", o.maximize);
  f("clip_norm", o.clip_norm);
  f("clip_value", o.clip_value);
  Method<std::remove_const_t<Options>>::visit(o, f);
}

/// The options that schedules change.
template <class Options>
ScheduledGroup scheduled_group(Options& o, std::optional<double>& initial_lr) {
  if constexpr (requires { o.betas; })
    return {o.lr, initial_lr, &o.betas.first};
  else if constexpr (requires { o.momentum; })
    return {o.lr, initial_lr, &o.momentum};
  else
    return {o.lr, initial_lr, nullptr};
}

/// How many steps a parameter has seen.
inline std::int64_t steps_of(const ParameterState& state) {
  return state.step.defined() ? *xgrad::detail::raw<std::int64_t>(state.step) : 0;
}

}  // namespace xgrad::optim::detail
