#include <xgrad/graph/state_dict.hpp>

#include <iterator>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad {
namespace {

void check_entry(const std::string& name, const StateDict::Value& value, Site site) {
  if (name.empty() || name.front() == '.' || name.back() == '.' ||
      name.find("..") != std::string::npos)
    throw ValueError(
        fmt::format("StateDict: '{}' is not a valid name; a name consists of non-empty "
                    "parts separated by dots",
                    name),
        site);
  if (const auto* tensor = std::get_if<Tensor>(&value); tensor != nullptr && !tensor->defined())
    throw ValueError(
        fmt::format("StateDict: the tensor '{}' is undefined; only defined tensors can be stored",
                    name),
        site);
}

// "encoder." for "encoder" and "encoder."; nothing for nothing.
std::string with_dot(std::string_view prefix) {
  std::string start(prefix);
  if (!start.empty() && start.back() != '.') start += '.';
  return start;
}

std::string some_names(const StateDict& state) {
  constexpr std::size_t most = 8;
  std::string text;
  for (const auto& entry : state) {
    if (&entry - &*state.begin() == most) return text + ", ...";
    text += (text.empty() ? "" : ", ") + entry.name;
  }
  return text;
}

}  // namespace

namespace detail {

const char* type_of(const StateDict::Value& value) {
  constexpr const char* names[] = {"Tensor", "double", "std::int64_t", "bool", "std::string"};
  static_assert(std::size(names) == std::variant_size_v<StateDict::Value>);
  return names[value.index()];
}

std::string describe(const StateDict::Value& value) {
  const auto text = []<class T>(const T& x) {
    if constexpr (std::is_same_v<T, Tensor>)
      return x.defined() ? describe(x) : "undefined";
    else
      return fmt::format(std::is_same_v<T, std::string> ? "'{}'" : "{}", x);
  };
  return fmt::format("{} {}", type_of(value), std::visit(text, value));
}

}  // namespace detail

StateDict::StateDict(std::initializer_list<Entry> entries, Site site) {
  for (const Entry& entry : entries) set(entry.name, entry.value, site);
}

StateDict::const_iterator StateDict::find(std::string_view name) const {
  const auto at = positions_.find(name);
  return at == positions_.end() ? end() : begin() + static_cast<std::ptrdiff_t>(at->second);
}

const StateDict::Entry& StateDict::entry(std::string_view name, Site site) const {
  if (const auto at = find(name); at != end()) return *at;
  throw ValueError(fmt::format("StateDict: there is no entry '{}'; it has {} names: [{}]", name,
                               size(), some_names(*this)),
                   site);
}

void StateDict::refuse_type(const Entry& entry, const char* wanted, Site site) {
  throw DTypeError(fmt::format("StateDict: '{}' is {}, not a {}", entry.name,
                               detail::describe(entry.value), wanted),
                   site);
}

void StateDict::set(std::string name, Value value, Site site) {
  check_entry(name, value, site);
  const auto [at, is_new] = positions_.try_emplace(name, entries_.size());
  if (!is_new) {
    entries_[at->second].value = std::move(value);
    return;
  }
  try {
    entries_.push_back({std::move(name), std::move(value)});
  } catch (...) {
    positions_.erase(at);
    throw;
  }
}

void StateDict::set_below(std::string_view prefix, StateDict state, Site site) {
  const std::string start = with_dot(prefix);
  for (auto& [name, value] : state.entries_) set(start + name, std::move(value), site);
}

StateDict StateDict::below(std::string_view prefix) const {
  const std::string start = with_dot(prefix);
  StateDict part;
  for (const auto& [name, value] : entries_)
    if (name.starts_with(start)) part.set(name.substr(start.size()), value);
  return part;
}

bool StateDict::erase(std::string_view name) {
  const auto at = positions_.find(name);
  if (at == positions_.end()) return false;
  const std::size_t gone = at->second;
  positions_.erase(at);
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(gone));
  for (auto& [other, position] : positions_)
    if (position > gone) --position;
  return true;
}

StateDict StateDict::clone() const {
  StateDict copy = *this;
  for (Entry& entry : copy.entries_)
    if (auto* const tensor = std::get_if<Tensor>(&entry.value)) *tensor = tensor->detach().clone();
  return copy;
}

}  // namespace xgrad
