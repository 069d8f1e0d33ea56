// csv_column.hpp: the fields of a table's column as a tensor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <xgrad/data/csv.hpp>

#include "../input_file.hpp"

namespace xgrad::data::detail {

/// Whether a field stands for a missing value.
bool is_missing(std::string_view field, const CsvOptions& options);

/// A column's fields, and what errors say about them.
struct CsvFields {
  std::string name;
  std::vector<std::string_view> fields;
  const std::vector<std::int64_t>& lines;  // one for each field
  const InputFile& file;

  /// Throws the IoError "file line 7, column 'age' `why`".
  [[noreturn]] void fail(std::size_t row, const std::string& why) const;
};

struct CsvColumn {
  CsvType type = CsvType::text;  // never automatic
  Tensor values;                 // undefined for text
  std::vector<std::string> categories;
};

/// @param used  whether the column is an input or a target, so that a missing value matters.
/// @throws IoError  for a field that is not of the type, or missing where it may not.
CsvColumn read_column(const CsvFields& column, CsvType type, const CsvOptions& options, bool used);

/// " (line 7 has 'x')", the first field that is no number, which makes an automatic column text;
/// nothing if there is none, or the options say that the column is text.
std::string first_text(const CsvFields& column, const CsvOptions& options);

/// Texts as a category, with the numbers of `options.categories` if these have the column. @param
/// used, @throws  as read_column.
CsvColumn as_category(const CsvFields& column, const CsvOptions& options, bool used);

}  // namespace xgrad::data::detail
