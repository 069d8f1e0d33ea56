// state_reader.hpp: loading a state: all of it is checked before any of it is used.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <xgrad/graph/state_dict.hpp>

namespace xgrad::detail {

/// Reads the entries that a module or an optimizer wants, and notes what does not fit.
class StateReader {
 public:
  explicit StateReader(const StateDict& state) : state_(state), is_wanted_(state.size()) {}

  bool has(std::string_view name) const { return state_.contains(name); }
  /// The tensor of that name, if it has this shape and dtype; else an undefined one.
  Tensor tensor(const std::string& name, const Shape& shape, DType dtype);
  /// Reads a value. It stays as it was if there is none, or one of another type.
  template <StateValue T>
  void read(const std::string& name, T& value);
  /// Notes that an entry was found which cannot be used.
  void refuse(const std::string& name, const std::string& expected, const std::string& found);

  /// The names that were wanted and are not there.
  const std::vector<std::string>& missing() const noexcept { return missing_; }
  /// The names that are there and were not wanted.
  std::vector<std::string> unexpected() const;
  /// @throws ValueError  with all that was noted, names only if they count.
  /// @param owner  whom the state is for; `rule` tells what fits.
  void check_fits(const std::string& owner, const char* rule, bool names_count = true) const;

 private:
  const StateDict::Value* want(const std::string& name);

  const StateDict& state_;
  std::vector<bool> is_wanted_;  // as the entries
  std::vector<std::string> missing_;
  std::string refused_;  // a line for each
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
