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

void save_option(StateDict& to, std::string name, NonFinite value) {
  if (value != NonFinite::ignore)
    to.set(std::move(name), value == NonFinite::skip ? "skip" : "throw_");
}
void load_option(StateReader& from, const std::string& name, NonFinite& value) {
  if (!from.has(name)) return;
  std::string text = "skip";
  from.read(name, text);
  if (text != "skip" && text != "throw_") from.refuse(name, "'throw_' or 'skip'", "'" + text + "'");
  value = text == "skip" ? NonFinite::skip : NonFinite::throw_;
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

Tensor kept(const ParameterState& state, const KeptNames& names, std::string_view name) {
  if (name == "step") return state.step;
  for (std::size_t k = 0; k < names.buffers.size(); ++k)
    if (name == names.buffers[k]) return state.buffers[k];
  for (std::size_t k = 0; k < names.numbers.size(); ++k)
    if (name == names.numbers[k]) return state.numbers[k];
  return {};
}

void save_parameter(StateDict& to, std::size_t number, const KeptNames& names,
                    const ParameterState& state) {
  const auto save = [&](const char* name, const Tensor& tensor) {
    if (tensor.defined()) to.set(state_name(number, name), tensor);
  };
  save("step", state.step);
  for (std::size_t k = 0; k < names.buffers.size(); ++k) save(names.buffers[k], state.buffers[k]);
  for (std::size_t k = 0; k < names.numbers.size(); ++k) save(names.numbers[k], state.numbers[k]);
}

ParameterState load_parameter(StateReader& from, std::size_t number, const KeptNames& names,
                              const std::vector<bool>& required, const Tensor& p) {
  const auto has = [&](const char* name) { return from.has(state_name(number, name)); };
  ParameterState state{
      {}, std::vector<Tensor>(names.buffers.size()), std::vector<Tensor>(names.numbers.size())};
  if (!has("step") && std::none_of(names.buffers.begin(), names.buffers.end(), has)) return state;
  const std::string step = state_name(number, "step");
  state.step = from.tensor(step, {}, int64);
  if (const std::int64_t t = steps_of(state); t < 0 || t > most_steps)
    from.refuse(step, "a number from 0 to 2^53", std::to_string(t));
  for (std::size_t k = 0; k < names.buffers.size(); ++k)
    if (required[k] || has(names.buffers[k]))
      state.buffers[k] = from.tensor(state_name(number, names.buffers[k]), p.shape(), p.dtype());
  for (std::size_t k = 0; k < names.numbers.size(); ++k)
    state.numbers[k] = from.tensor(state_name(number, names.numbers[k]), {}, float64);
  return state;
}

void copy_tensors(ParameterState& state) {
  const auto copy = [](Tensor& tensor) {
    if (tensor.defined()) tensor = tensor.detach().clone();
  };
  copy(state.step);
  for (Tensor& buffer : state.buffers) copy(buffer);
  for (Tensor& number : state.numbers) copy(number);
}

}  // namespace xgrad::optim::detail
