// state_dict.hpp: tensors, numbers and strings by name, as models and optimizers are saved.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

/// A tensor with its full name, as "hidden.weight".
struct NamedTensor {
  std::string name;
  Tensor tensor;
};

/// The types of a StateDict's entries.
template <class T>
concept StateValue = std::same_as<T, Tensor> || std::same_as<T, double> ||
    std::same_as<T, std::int64_t> || std::same_as<T, bool> || std::same_as<T, std::string>;

/// Values by name, in the order in which they were added.
///
/// A name has parts with dots between them, none of them empty. Copies of a StateDict share the
/// tensors; `clone` copies these, too.
///
///     StateDict checkpoint{{"epoch", 3}};
///     checkpoint.set_below("model", model.state_dict());  // "model.hidden.weight", ...
///     model.load_state_dict(checkpoint.below("model"));
class StateDict {
 public:
  using Value = std::variant<Tensor, double, std::int64_t, bool, std::string>;
  struct Entry {
    std::string name;
    Value value;
  };
  using const_iterator = std::vector<Entry>::const_iterator;

  StateDict() = default;
  /// Sets one entry after the other.
  StateDict(std::initializer_list<Entry> entries, Site site = {__builtin_FILE(), __builtin_LINE()});

  std::size_t size() const noexcept { return entries_.size(); }
  bool empty() const noexcept { return entries_.empty(); }
  const_iterator begin() const noexcept { return entries_.begin(); }
  const_iterator end() const noexcept { return entries_.end(); }

  bool contains(std::string_view name) const { return find(name) != end(); }
  const_iterator find(std::string_view name) const;
  /// The value of that name; an integer also as a double.
  /// @throws ValueError  if there is none; DTypeError  if it is of another type.
  template <StateValue T>
  T get(std::string_view name, Site site = {__builtin_FILE(), __builtin_LINE()}) const;

  /// Adds an entry at the end, or replaces the value of the one that has the name.
  /// @throws ValueError  for an undefined tensor, or a name without parts or with an empty one.
  void set(std::string name, Value value, Site site = {__builtin_FILE(), __builtin_LINE()});
  /// Sets each entry of a state under "prefix." and its name; with an empty prefix, its name.
  void set_below(std::string_view prefix, StateDict state,
                 Site site = {__builtin_FILE(), __builtin_LINE()});
  /// The entries whose names begin with "prefix.", under the rest of the name; with an empty
  /// prefix, all entries.
  StateDict below(std::string_view prefix) const;
  /// Removes an entry. @return whether there was one.
  bool erase(std::string_view name);

  /// A copy with tensors of its own, which later changes of these do not reach.
  StateDict clone() const;

 private:
  const Entry& entry(std::string_view name, Site site) const;
  [[noreturn]] static void refuse_type(const Entry& entry, const char* wanted, Site site);

  std::vector<Entry> entries_;
  std::map<std::string, std::size_t, std::less<>> positions_;  // of the names in entries_
};

namespace detail {

/// "Tensor [2, 3] float32", "double 0.1", "std::string 'Adam'": as error messages show a value.
std::string describe(const StateDict::Value& value);
/// The first word of that.
const char* type_of(const StateDict::Value& value);

/// The value as a T, an integer also as a double; none if it is of another type.
template <StateValue T>
std::optional<T> value_as(const StateDict::Value& value) {
  if (const T* const same = std::get_if<T>(&value)) return *same;
  if constexpr (std::is_same_v<T, double>)
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) return *integer;
  return {};
}

}  // namespace detail

template <StateValue T>
T StateDict::get(std::string_view name, Site site) const {
  const Entry& found = entry(name, site);
  if (const std::optional<T> value = detail::value_as<T>(found.value)) return *value;
  refuse_type(found, detail::type_of(T()), site);
}

}  // namespace xgrad
