// saving.hpp: an optimizer's state by PyTorch's names: "param_groups.0.lr", "state.3.exp_avg".
//
// "optimizer" is its name, "param_groups.0.num_params" how many parameters a group has; they are
// numbered through the groups. A parameter without steps has no entries, an option without a value
// none either.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xgrad/graph/state_reader.hpp>

#include "method.hpp"

namespace xgrad::optim::detail {

using xgrad::detail::StateReader;

/// "param_groups.0." and an option's name.
std::string option_name(std::size_t group, const char* option);

template <class T>
void save_option(StateDict& to, std::string name, const T& value) {
  to.set(std::move(name), value);
}
template <class T>
void save_option(StateDict& to, std::string name, const std::optional<T>& value) {
  if (value) to.set(std::move(name), *value);
}
template <class T>
void load_option(StateReader& from, const std::string& name, T& value) {
  from.read(name, value);
}
template <class T>
void load_option(StateReader& from, const std::string& name, std::optional<T>& value) {
  if (from.has(name)) from.read(name, value.emplace());
}

void save_option(StateDict& to, std::string name, NonFinite value);
void load_option(StateReader& from, const std::string& name, NonFinite& value);

template <class Options>
void save_group(StateDict& to, std::size_t number, const ParamGroup<Options>& group,
                const std::optional<double>& initial_lr) {
  to.set(option_name(number, "num_params"), static_cast<std::int64_t>(group.params.size()));
  visit_options(group.options, [&](const char* name, const auto& value) {
    save_option(to, option_name(number, name), value);
  });
  save_option(to, option_name(number, "initial_lr"), initial_lr);
}
template <class Options>
void load_options(StateReader& from, std::size_t number, Options& options) {
  visit_options(options, [&](const char* name, auto& value) {
    load_option(from, option_name(number, name), value);
  });
}

template <class Options>
std::vector<std::size_t> sizes_of(const std::vector<ParamGroup<Options>>& groups) {
  std::vector<std::size_t> sizes;
  for (const ParamGroup<Options>& group : groups) sizes.push_back(group.params.size());
  return sizes;
}
/// @throws ValueError  unless the state is of an optimizer of this name with groups of these sizes.
void check_origin(StateReader& from, const char* optimizer, const std::vector<std::size_t>& sizes);

/// Which buffers a parameter with steps must have. One that an option asks for may be missing: the
/// option may have been set since the last step.
template <class Options>
std::vector<bool> required_buffers(const Options& o) {
  std::vector<bool> required(std::size(Method<Options>::buffers));
  for (std::size_t k = 0; k < required.size(); ++k) {
    const int buffer = static_cast<int>(k);
    required[k] = Method<Options>::uses(o, buffer) && Method<Options>::uses(Options{}, buffer);
  }
  return required;
}
/// The names of what a method keeps for a parameter, besides "step".
struct KeptNames {
  Names buffers, numbers;
};
template <class Options>
inline constexpr KeptNames names_kept{Method<Options>::buffers, names_of_numbers<Options>()};

/// What is kept under a name; undefined if nothing is.
Tensor kept(const ParameterState& state, const KeptNames& names, std::string_view name);

void save_parameter(StateDict& to, std::size_t number, const KeptNames& names,
                    const ParameterState& state);
/// The state of parameter p, sharing the tensors of the one that is read.
ParameterState load_parameter(StateReader& from, std::size_t number, const KeptNames& names,
                              const std::vector<bool>& required, const Tensor& p);
/// Makes tensors of its own of those that are shared.
void copy_tensors(ParameterState& state);

}  // namespace xgrad::optim::detail
