// csv_parser.hpp: the rows and fields of a text in CSV (RFC 4180).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../input_file.hpp"

namespace xgrad::data::detail {

/// Reads row by row. Fields are views of the text, in which the parser removes their quotes.
class CsvParser {
 public:
  /// The text and the file, which errors name, have to outlive the parser.
  CsvParser(std::string& text, char delimiter, const InputFile& file);

  /// Appends the fields of the next row; false at the end.
  /// @param skip_empty  whether empty lines are left out.
  /// @throws IoError  that names the line.
  bool next(std::vector<std::string_view>& fields, bool skip_empty);
  /// The line in which the last row begins, from 1 on.
  std::int64_t line() const noexcept { return row_line_; }

 private:
  [[noreturn]] void fail(std::int64_t line, const char* why) const;
  bool at(char c) const noexcept { return i_ < text_.size() && text_[i_] == c; }
  bool take(char c) noexcept;
  bool take_newline() noexcept;
  std::string_view field();
  std::string_view quoted_field();

  std::string& text_;
  const char delimiter_;
  const InputFile& file_;
  std::size_t i_ = 0;
  std::int64_t line_ = 1, row_line_ = 1;
};

}  // namespace xgrad::data::detail
