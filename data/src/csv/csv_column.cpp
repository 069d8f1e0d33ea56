#include "csv_column.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>
#include <unordered_map>

#include <locale.h>
#include <stdlib.h>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>

namespace xgrad::data::detail {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view field) {
  while (!field.empty() && is_space(field.front())) field.remove_prefix(1);
  while (!field.empty() && is_space(field.back())) field.remove_suffix(1);
  return field;
}

// What is too small for a double is 0 or has fewer digits; what is too large is out of range.
std::optional<double> tiny_number(std::string_view digits) {
  static const locale_t c_locale = newlocale(LC_ALL_MASK, "C", nullptr);
  const double value = strtod_l(std::string(digits).c_str(), nullptr, c_locale);
  if (!(std::abs(value) < 1)) return {};
  return value;
}

// A number of type T that takes the whole field; nothing if it is none or out of range.
template <class T>
std::optional<T> number_in(std::string_view field) {
  field = trimmed(field);
  if (field.size() > 1 && field[0] == '+' && field[1] != '-') field.remove_prefix(1);
  T value;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if constexpr (std::is_same_v<T, double>)
    if (error == std::errc::result_out_of_range && end == field.data() + field.size())
      return tiny_number(field);
  if (error != std::errc() || end != field.data() + field.size()) return {};
  return value;
}

std::string quoted(std::string_view field) {
  return fmt::format("'{}{}'", field.substr(0, 40), field.size() > 40 ? "..." : "");
}

bool is_whole(double x) { return std::floor(x) == x && std::abs(x) < 0x1p53; }

// What a missing value of a column of numbers becomes; nothing if it is an error.
std::optional<double> substitute(const CsvOptions& options, bool used) {
  if (!used || options.missing == CsvMissing::nan) return std::numeric_limits<double>::quiet_NaN();
  if (options.missing == CsvMissing::fill) return options.fill;
  return {};
}

CsvType inferred(const CsvFields& column, const CsvOptions& options, bool used) {
  const double filled = substitute(options, used).value_or(0);
  CsvType type = CsvType::integer;
  bool empty = true;
  for (const std::string_view field : column.fields) {
    if (is_missing(field, options)) {
      if (!is_whole(filled)) type = CsvType::number;
      continue;
    }
    empty = false;
    if (type == CsvType::integer && !number_in<std::int64_t>(field)) type = CsvType::number;
    if (type == CsvType::number && !number_in<double>(field)) return CsvType::text;
  }
  return empty ? CsvType::number : type;
}

template <class T>
Tensor numbers(const CsvFields& column, const CsvOptions& options, bool used, const char* kind) {
  const std::optional<double> instead = substitute(options, used);
  Tensor values = empty({static_cast<std::int64_t>(column.fields.size())}, {.dtype = dtype_of<T>});
  T* to = values.mutable_data<T>();
  for (std::size_t row = 0; row < column.fields.size(); ++row) {
    const std::string_view field = column.fields[row];
    const std::optional<T> found = number_in<T>(field);
    if (!is_missing(field, options)) {
      if (!found)
        column.fail(row, fmt::format("is {}; it must be {} in range", quoted(field), kind));
      to[row] = *found;
    } else if (!instead || (std::is_integral_v<T> && !is_whole(*instead))) {
      column.fail(row, instead ? "is missing; NaN and fractions are no integers"
                               : "is missing; CsvOptions::missing can drop the row or fill it");
    } else {
      to[row] = static_cast<T>(*instead);
    }
  }
  return values;
}

Tensor floats(const CsvFields& column, const CsvOptions& options, bool used) {
  return numbers<double>(column, options, used, "a number").to(options.dtype);
}

void refuse_missing(const CsvFields& column, const CsvOptions& options) {
  for (std::size_t row = 0; row < column.fields.size(); ++row)
    if (is_missing(column.fields[row], options))
      column.fail(row,
                  "is missing, and its column is a category; CsvMissing::drop drops the row, and "
                  "CsvMissing::nan numbers it -1");
}

// Those of a category, sorted, once each.
std::vector<std::string_view> texts_of(const CsvFields& column, const CsvOptions& options) {
  std::vector<std::string_view> texts;
  for (const std::string_view field : column.fields)
    if (!is_missing(field, options)) texts.push_back(field);
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

// The numbers of texts, in the order in which they are given.
using Numbers = std::unordered_map<std::string_view, std::int64_t>;

template <class Texts>
Numbers numbered(const Texts& texts) {
  Numbers numbers;
  for (const auto& text : texts) numbers.emplace(text, static_cast<std::int64_t>(numbers.size()));
  return numbers;
}

[[noreturn]] void refuse_category(const CsvFields& column, std::size_t row,
                                  const std::vector<std::string>& known) {
  constexpr std::size_t shown = 8;
  std::string all;
  for (std::size_t i = 0; i < std::min(known.size(), shown); ++i)
    all += (i == 0 ? "" : ", ") + quoted(known[i]);
  column.fail(
      row, fmt::format("is {}, which is none of its categories: {}{}", quoted(column.fields[row]),
                       all, known.size() > shown ? ", ..." : ""));
}

}  // namespace

bool is_missing(std::string_view field, const CsvOptions& options) {
  const std::vector<std::string>& all = options.missing_values;
  return std::find(all.begin(), all.end(), trimmed(field)) != all.end();
}

void CsvFields::fail(std::size_t row, const std::string& why) const {
  file.fail(fmt::format("line {}, column '{}' {}", lines[row], name, why));
}

std::string first_text(const CsvFields& column, const CsvOptions& options) {
  const auto type = options.types.find(column.name);
  if (type != options.types.end() && type->second != CsvType::automatic) return {};
  for (std::size_t row = 0; row < column.fields.size(); ++row) {
    const std::string_view field = column.fields[row];
    if (!is_missing(field, options) && !number_in<double>(field))
      return fmt::format(" (line {} has {})", column.lines[row], quoted(field));
  }
  return {};
}

CsvColumn as_category(const CsvFields& column, const CsvOptions& options, bool used) {
  if (used && options.missing != CsvMissing::nan) refuse_missing(column, options);
  const auto given = options.categories.find(column.name);
  std::vector<std::string> texts;
  if (given != options.categories.end())
    texts = given->second;
  else
    for (const std::string_view text : texts_of(column, options)) texts.emplace_back(text);
  const Numbers numbers = numbered(texts);
  Tensor values = empty({static_cast<std::int64_t>(column.fields.size())}, {.dtype = int64});
  std::int64_t* to = values.mutable_data<std::int64_t>();
  for (std::size_t row = 0; row < column.fields.size(); ++row) {
    const auto found = numbers.find(column.fields[row]);
    const bool missing = is_missing(column.fields[row], options);
    if (!missing && found == numbers.end()) refuse_category(column, row, texts);
    to[row] = missing ? -1 : found->second;
  }
  return {CsvType::category, values, std::move(texts)};
}

CsvColumn read_column(const CsvFields& column, CsvType type, const CsvOptions& options, bool used) {
  if (type == CsvType::automatic) type = inferred(column, options, used);
  switch (type) {
    case CsvType::number:
      return {type, floats(column, options, used), {}};
    case CsvType::integer:
      return {type, numbers<std::int64_t>(column, options, used, "an integer"), {}};
    case CsvType::category:
      return as_category(column, options, used);
    default:
      return {CsvType::text, {}, {}};
  }
}

}  // namespace xgrad::data::detail
