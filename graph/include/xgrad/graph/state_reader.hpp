// state_reader.hpp: StateReader, which checks a whole StateDict before any of it is loaded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <xgrad/graph/state_dict.hpp>

namespace xgrad::detail {

/// Reads the entries that a module or an optimizer requests, and collects what does not fit.
class StateReader {
 public:
  explicit StateReader(const StateDict& state) : state_(state), is_wanted_(state.size()) {}

  bool has(std::string_view name) const { return state_.contains(name); }
  /// The tensor of that name if it has this shape and dtype, otherwise an undefined tensor.
  Tensor tensor(const std::string& name, const Shape& shape, DType dtype);
  /// Reads a value. Leaves it unchanged if the entry is missing or has another type.
  template <StateValue T>
  void read(const std::string& name, T& value);
  /// Reports an entry that cannot be used.
  void refuse(const std::string& name, const std::string& expected, const std::string& found);

  /// The names that were requested but are not in the state.
  const std::vector<std::string>& missing() const noexcept { return missing_; }
  /// The names that are in the state but were not requested.
  std::vector<std::string> unexpected() const;
  /// @param owner  the name of the module or optimizer that loads the state.
  /// @param rule   what the state must have; a part of the message.
  /// @param names_count  whether missing and unexpected names are errors.
  /// @throws ValueError  that lists everything that does not fit, if anything does not.
  void check_fits(const std::string& owner, const char* rule, bool names_count = true) const;

 private:
  const StateDict::Value* want(const std::string& name);

  const StateDict& state_;
  std::vector<bool> is_wanted_;  // one for each entry of state_
  std::vector<std::string> missing_;
  std::string refused_;  // one line per entry
};

template <StateValue T>
void StateReader::read(const std::string& name, T& value) {
  const StateDict::Value* const found = want(name);
  if (found == nullptr) return;
  if (const std::optional<T> fits = value_as<T>(*found))
    value = *fits;
  else
    refuse(name, type_of(T()), describe(*found));
}

}  // namespace xgrad::detail
