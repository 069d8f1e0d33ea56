#include "metadata_values.hpp"

#include <charconv>
#include <optional>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "in_quotes.hpp"

namespace xgrad::io::detail {
namespace {

template <class T>
constexpr std::string_view type_name() {
  if constexpr (std::is_same_v<T, double>) return "double";
  if constexpr (std::is_same_v<T, std::int64_t>) return "int64";
  if constexpr (std::is_same_v<T, bool>) return "bool";
  return "string";
}

template <class T>
std::optional<T> number_in(std::string_view text) {
  T number{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) return {};
  return number;
}

// The text up to the next space, which is taken off with it.
std::string_view take_word(std::string_view& text) {
  const std::size_t space = text.find(' ');
  const std::string_view word = text.substr(0, space);
  text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  return word;
}

std::optional<StateDict::Value> value_in(std::string_view type, std::string_view text) {
  if (type == "string" || type == "shared") return std::string(text);
  if (type == "bool" && (text == "true" || text == "false")) return text == "true";
  if (type == "int64")
    if (const auto number = number_in<std::int64_t>(text)) return *number;
  if (type == "double")
    if (const auto number = number_in<double>(text)) return *number;
  return {};
}

}  // namespace

std::string value_text(const StateDict::Value& value, std::size_t position) {
  return std::visit(
      [&]<class T>(const T& x) -> std::string {
        if constexpr (std::is_same_v<T, Tensor>)
          return {};
        else
          return fmt::format("{} {} {}", type_name<T>(), position, x);
      },
      value);
}

std::string shared_text(std::string_view kept, std::size_t position) {
  return fmt::format("shared {} {}", position, kept);
}

std::map<std::size_t, MetadataValue> take_values(std::map<std::string, std::string>& metadata,
                                                 const InputFile& file) {
  std::map<std::size_t, MetadataValue> values;
  for (auto at = metadata.lower_bound(std::string(value_prefix));
       at != metadata.end() && at->first.starts_with(value_prefix); at = metadata.erase(at)) {
    std::string_view text = at->second;
    const std::string_view type = take_word(text);
    const std::optional<std::size_t> position = number_in<std::size_t>(take_word(text));
    std::string name = at->first.substr(value_prefix.size());
    std::optional<StateDict::Value> value = value_in(type, text);
    if (!position || !value || !is_state_name(name) || values.contains(*position))
      file.fail(fmt::format(
          "the header's __metadata__: {} is {}; it must be a type (double, int64, bool, string or "
          "shared), a position of its own and a value",
          in_quotes(at->first), in_quotes(at->second)));
    values[*position] = {std::move(name), *std::move(value), type == "shared"};
  }
  return values;
}

}  // namespace xgrad::io::detail
