#include "csv_parser.hpp"

#include <fmt/format.h>

namespace xgrad::data::detail {

CsvParser::CsvParser(std::string& text, char delimiter, const InputFile& file)
    : text_(text), delimiter_(delimiter), file_(file) {
  if (text.starts_with("\xEF\xBB\xBF")) i_ = 3;  // a byte order mark
}

void CsvParser::fail(std::int64_t line, const char* why) const {
  file_.fail(fmt::format("line {} {}", line, why));
}

bool CsvParser::take(char c) noexcept {
  if (!at(c)) return false;
  ++i_;
  return true;
}

bool CsvParser::take_newline() noexcept {
  const std::size_t before = i_;
  take('\r');
  if (take('\n')) {
    ++line_;
    return true;
  }
  i_ = before;
  return false;
}

bool CsvParser::next(std::vector<std::string_view>& fields, bool skip_empty) {
  while (skip_empty && take_newline()) {
  }
  if (i_ == text_.size()) return false;
  row_line_ = line_;
  do fields.push_back(at('"') ? quoted_field() : field());
  while (take(delimiter_));
  if (i_ < text_.size() && !take_newline())
    fail(line_, at('\r')
                    ? "has a carriage return without a newline"
                    : "has text behind a closing quote; a quote within quotes is written \"\"");
  return true;
}

std::string_view CsvParser::field() {
  const std::size_t begin = i_;
  while (i_ < text_.size() && !at(delimiter_) && !at('\n') && !at('\r')) {
    if (at('"'))
      fail(line_,
           "has a quote within a field that does not begin with one; put the field in quotes, "
           "and write the quote as \"\"");
    ++i_;
  }
  return std::string_view(text_).substr(begin, i_ - begin);
}

std::string_view CsvParser::quoted_field() {
  const std::int64_t opened = line_;
  const std::size_t begin = ++i_;
  std::size_t end = begin;
  for (;; ++i_) {
    if (i_ == text_.size()) fail(opened, "has a quote that is not closed");
    if (take('"') && !at('"')) break;
    if (at('\n')) ++line_;
    text_[end++] = text_[i_];
  }
  return std::string_view(text_).substr(begin, end - begin);
}

}  // namespace xgrad::data::detail
