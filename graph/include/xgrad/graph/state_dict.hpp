// state_dict.hpp: StateDict, the saved state of a model or an optimizer.
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

/// A tensor with its full name, such as "hidden.weight".
struct NamedTensor {
  std::string name;
  Tensor tensor;
};

/// The types of values that a StateDict can hold.
template <class T>
concept StateValue = std::same_as<T, Tensor> || std::same_as<T, double> ||
    std::same_as<T, std::int64_t> || std::same_as<T, bool> || std::same_as<T, std::string>;

/// Tensors, numbers and strings by name, in insertion order.
///
/// A name consists of non-empty parts separated by dots. Copies of a StateDict share the tensors;
/// `clone` copies the tensors, too.
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
  /// Sets the entries in order.
  StateDict(std::initializer_list<Entry> entries, Site site = {__builtin_FILE(), __builtin_LINE()});

  std::size_t size() const noexcept { return entries_.size(); }
  bool empty() const noexcept { return entries_.empty(); }
  const_iterator begin() const noexcept { return entries_.begin(); }
  const_iterator end() const noexcept { return entries_.end(); }

  bool contains(std::string_view name) const { return find(name) != end(); }
  const_iterator find(std::string_view name) const;
  /// The value of the entry `name`. An integer can also be read as a double.
  /// @throws ValueError  if there is no such entry; DTypeError  if it has another type.
  template <StateValue T>
  T get(std::string_view name, Site site = {__builtin_FILE(), __builtin_LINE()}) const;

  /// Appends an entry, or replaces the value of the entry that has this name.
  /// @throws ValueError  if the value is an undefined tensor, or if the name is empty or has an
  ///                     empty part.
  void set(std::string name, Value value, Site site = {__builtin_FILE(), __builtin_LINE()});
  /// Sets every entry of `state` under the name "prefix.name", or "name" if the prefix is empty.
  void set_below(std::string_view prefix, StateDict state,
                 Site site = {__builtin_FILE(), __builtin_LINE()});
  /// The entries whose names start with "prefix.", without that prefix. All entries if the prefix
  /// is empty.
  StateDict below(std::string_view prefix) const;
  /// Removes an entry. @return whether it existed.
  bool erase(std::string_view name);

  /// A copy with its own copies of the tensors, which later in-place changes do not affect.
  StateDict clone() const;

 private:
  const Entry& entry(std::string_view name, Site site) const;
  [[noreturn]] static void refuse_type(const Entry& entry, const char* wanted, Site site);

  std::vector<Entry> entries_;
  std::map<std::string, std::size_t, std::less<>> positions_;  // of the names in entries_
};

namespace detail {

/// A value as error messages show it: "Tensor [2, 3] float32", "double 0.1", "std::string 'Adam'".
std::string describe(const StateDict::Value& value);
/// The type of a value as error messages show it: "Tensor", "double", "std::string".
const char* type_of(const StateDict::Value& value);

/// The value as a T, where an integer also converts to double. Empty if it has another type.
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
