// method.hpp: an optimizer's options, buffers and update rule in one struct. The rest is written
// once, in optimizer_of.hpp.
//
//     template <> struct Method<Options> {
//       name, buffers            its name, and those of the tensors it keeps for a parameter
//       check(o, refuse)         calls refuse(option, value, rule) for what cannot be
//       visit(o, f)              calls f(name, option) for each that only this method has
//       uses(o, k), start(o, k)  whether buffer k is needed; what its elements begin with
//       Rule<L>                  from p, g and the buffers to p and the buffers after a step
//       rule(o, state, t)        the Rule<double> of step t; as<L>() makes lanes of its numbers
//     };
//
// A method may also have:
//
//       numbers, begin(o)        names of numbers it keeps for a parameter, and their first values;
//                                rule(o, state, t, numbers) then gets them, and moves them on
//       check_parameter(p, site) throws for a parameter that it cannot step
//       is_plain(rule)           whether p - lr g is all that a step does
//       direction(o, state, g)   a tensor like p, made before anything is changed; the Rule gets it
//                                as one more operand. g is clipped, and negative to maximize.
#pragma once

#include <array>
#include <cmath>
#include <iterator>
#include <optional>
#include <span>
#include <type_traits>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim::detail {

template <class Options>
struct Method;

using Names = std::span<const char* const>;

template <class Options>
inline constexpr bool has_numbers = requires {
  Method<Options>::numbers;
};
template <class Options>
inline constexpr bool has_direction = requires {
  &Method<Options>::direction;
};
template <class Options>
constexpr std::size_t count_of_numbers() {
  if constexpr (has_numbers<Options>)
    return std::size(Method<Options>::numbers);
  else
    return 0;
}
/// The values of a method's numbers.
template <class Options>
using NumbersOf = std::array<double, count_of_numbers<Options>()>;
template <class Options>
constexpr Names names_of_numbers() {
  if constexpr (has_numbers<Options>)
    return Method<Options>::numbers;
  else
    return {};
}

template <class Options, class Value>
[[noreturn]] void refuse_option(const char* what, const Value& value, const char* rule, Site site) {
  throw ValueError(
      fmt::format("{}: {} is {}; it must be {}", Method<Options>::name, what, value, rule), site);
}

template <class Options>
void check_options(const Options& o, Site site) {
  const auto refuse = [&](const char* what, const auto& value, const char* rule) {
    refuse_option<Options>(what, value, rule, site);
  };
  if (!(o.lr >= 0)) refuse("lr", o.lr, "at least 0");
  if constexpr (requires { o.weight_decay; })
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
  if constexpr (requires { o.weight_decay; }) f("weight_decay", o.weight_decay);
  f("maximize", o.maximize);
  f("clip_norm", o.clip_norm);
  f("clip_value", o.clip_value);
  f("nonfinite", o.nonfinite);
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

/// What is kept for a parameter without steps.
template <class Options>
ParameterState no_state() {
  return {{},
          std::vector<Tensor>(std::size(Method<Options>::buffers)),
          std::vector<Tensor>(count_of_numbers<Options>())};
}

/// How many steps a parameter has seen.
inline std::int64_t steps_of(const ParameterState& state) {
  return state.step.defined() ? *xgrad::detail::raw<std::int64_t>(state.step) : 0;
}

}  // namespace xgrad::optim::detail
