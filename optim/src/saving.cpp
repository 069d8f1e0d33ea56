#include "saving.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::optim::detail {
namespace {

constexpr std::int64_t most_steps = std::int64_t{1} << 53;  // that a double can count

std::string state_name(std::size_t parameter, const char* name) {
  return fmt::format("state.{}.{}", parameter, name);
}

}  // namespace

std::string option_name(std::size_t group, const char* option) {
  return fmt::format("param_groups.{}.{}", group, option);
}

void check_origin(StateReader& from, const char* optimizer, const std::vector<std::size_t>& sizes) {
  std::string kind;
  from.read("optimizer", kind);
  if (kind != optimizer)
    throw ValueError(
        fmt::format("load_state_dict: the state was not saved by {}: 'optimizer' is {}", optimizer,
                    kind.empty() ? "missing" : "'" + kind + "'"));
  std::vector<std::int64_t> found;
  for (std::string name; from.has(name = option_name(found.size(), "num_params"));)
    from.read(name, found.emplace_back());
  if (!std::equal(sizes.begin(), sizes.end(), found.begin(), found.end()))
    throw ValueError(
        fmt::format("load_state_dict: the parameter groups of {} have sizes [{}], but those of the "
                    "state have [{}]; create the optimizer with the groups that it had when the "
                    "state was saved",
                    optimizer, fmt::join(sizes, ", "), fmt::join(found, ", ")));
}

void save_parameter(StateDict& to, std::size_t number, BufferNames names,
                    const ParameterState& state) {
  if (state.step.defined()) to.set(state_name(number, "step"), state.step);
  for (std::size_t k = 0; k < names.size(); ++k)
    if (state.buffers[k].defined()) to.set(state_name(number, names[k]), state.buffers[k]);
}

ParameterState load_parameter(StateReader& from, std::size_t number, BufferNames names,
                              const std::vector<bool>& required, const Tensor& p) {
  const auto has = [&](const char* name) { return from.has(state_name(number, name)); };
  ParameterState state{{}, std::vector<Tensor>(names.size())};
  if (!has("step") && std::none_of(names.begin(), names.end(), has)) return state;
  const std::string step = state_name(number, "step");
  state.step = from.tensor(step, {}, int64);
  if (const std::int64_t t = steps_of(state); t < 0 || t > most_steps)
    from.refuse(step, "a number from 0 to 2^53", std::to_string(t));
  for (std::size_t k = 0; k < names.size(); ++k)
    if (required[k] || has(names[k]))
      state.buffers[k] = from.tensor(state_name(number, names[k]), p.shape(), p.dtype());
  return state;
}

void copy_tensors(ParameterState& state) {
  if (state.step.defined()) state.step = state.step.detach().clone();
  for (Tensor& buffer : state.buffers)
    if (buffer.defined()) buffer = buffer.detach().clone();
}

}  // namespace xgrad::optim::detail
