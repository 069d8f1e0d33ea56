#include "state_loading.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "similar_names.hpp"

namespace xgrad::nn::detail {
namespace {

std::regex compiled(const std::string& pattern) {
  try {
    return std::regex(pattern);
  } catch (const std::regex_error& error) {
    throw ValueError(fmt::format("load_state_dict: the pattern '{}' of rename is not valid: {}",
                                 pattern, error.what()));
  }
}

// The standard library's matcher recurses for each character.
std::string replaced(const std::string& name, const std::regex& pattern, const std::string& by) {
  constexpr std::size_t longest = 4096;
  if (name.size() > longest)
    throw ValueError(fmt::format("load_state_dict: a name has {} characters; rename takes up to {}",
                                 name.size(), longest));
  return std::regex_replace(name, pattern, by);
}

std::string described(const Tensor& own) {
  return fmt::format("Tensor {} {}", xgrad::to_string(own.shape()), xgrad::to_string(own.dtype()));
}

std::string what_was_found(const Tensor& own, const StateDict::Value& value) {
  const auto* const tensor = std::get_if<Tensor>(&value);
  const bool convertible = tensor != nullptr && tensor->shape() == own.shape();
  return xgrad::detail::describe(value) +
         (convertible ? fmt::format("; convert it by .to({})", xgrad::to_string(own.dtype())) : "");
}

void compare_one(const NamedTensor& own, const StateDict::Value& value, Comparison& all) {
  const auto* const tensor = std::get_if<Tensor>(&value);
  if (tensor != nullptr && tensor->shape() == own.tensor.shape() &&
      tensor->dtype() == own.tensor.dtype())
    all.assignments.push_back({*tensor, own.tensor});
  else
    all.report.mismatched_keys.push_back(
        {own.name, described(own.tensor), what_was_found(own.tensor, value)});
}

// Of large models that do not fit at all, a hundred names are enough.
void find_similar(LoadReport& report) {
  constexpr std::size_t most = 100;
  std::vector<std::string> candidates = report.unexpected_keys;
  candidates.resize(std::min(candidates.size(), 10 * most));
  for (std::size_t i = 0; i < std::min(most, report.missing_keys.size()); ++i)
    if (std::string found = most_similar(report.missing_keys[i], candidates); !found.empty())
      report.similar_keys.push_back({report.missing_keys[i], std::move(found)});
}

}  // namespace

StateDict renamed(const StateDict& state, const std::vector<Rename>& renames) {
  if (renames.empty()) return state;
  std::vector<std::pair<std::regex, std::string>> patterns;
  for (const auto& [pattern, replacement] : renames)
    patterns.emplace_back(compiled(pattern), replacement);
  StateDict all;
  for (const auto& [name, value] : state) {
    std::string other = name;
    for (const auto& [pattern, by] : patterns) other = replaced(other, pattern, by);
    if (all.contains(other))
      throw ValueError(
          fmt::format("load_state_dict: rename gives two entries the name '{}'; the "
                      "second was '{}'",
                      other, name));
    all.set(std::move(other), value);
  }
  return all;
}

Comparison compared(const std::vector<NamedTensor>& own, const StateDict& state) {
  Comparison all;
  std::set<std::string> names;
  for (const NamedTensor& one : own) {
    names.insert(one.name);
    if (const auto at = state.find(one.name); at != state.end())
      compare_one(one, at->value, all);
    else
      all.report.missing_keys.push_back(one.name);
  }
  for (const StateDict::Entry& entry : state)
    if (!names.contains(entry.name)) all.report.unexpected_keys.push_back(entry.name);
  all.report.loaded = all.assignments.size();
  find_similar(all.report);
  return all;
}

}  // namespace xgrad::nn::detail
