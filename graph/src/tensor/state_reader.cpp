#include <xgrad/graph/state_reader.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::detail {

const StateDict::Value* StateReader::want(const std::string& name) {
  const auto at = state_.find(name);
  if (at == state_.end()) {
    missing_.push_back(name);
    return nullptr;
  }
  is_wanted_[static_cast<std::size_t>(at - state_.begin())] = true;
  return &at->value;
}

void StateReader::refuse(const std::string& name, const std::string& expected,
                         const std::string& found) {
  refused_ += fmt::format("\n  {}: expected {}, found {}", name, expected, found);
}

Tensor StateReader::tensor(const std::string& name, const Shape& shape, DType dtype) {
  const StateDict::Value* const value = want(name);
  if (value == nullptr) return {};
  const auto* const found = std::get_if<Tensor>(value);
  const bool same_shape = found != nullptr && found->shape() == shape;
  if (same_shape && found->dtype() == dtype) return *found;
  refuse(name, fmt::format("Tensor {} {}", to_string(shape), to_string(dtype)),
         describe(*value) +
             (same_shape ? fmt::format("; convert it by .to({})", to_string(dtype)) : ""));
  return {};
}

std::vector<std::string> StateReader::unexpected() const {
  std::vector<std::string> names;
  for (const auto& entry : state_)
    if (!is_wanted_[static_cast<std::size_t>(&entry - &*state_.begin())])
      names.push_back(entry.name);
  return names;
}

void StateReader::check_fits(const std::string& owner, const char* rule, bool names_count) const {
  std::string all = refused_;
  if (names_count) {
    if (!missing_.empty()) all += fmt::format("\n  missing: {}", fmt::join(missing_, ", "));
    if (const auto names = unexpected(); !names.empty())
      all += fmt::format("\n  unexpected: {}", fmt::join(names, ", "));
  }
  if (!all.empty())
    throw ValueError(
        fmt::format("load_state_dict: the state does not fit {}, and nothing was loaded; {}:{}",
                    owner, rule, all));
}

}  // namespace xgrad::detail
