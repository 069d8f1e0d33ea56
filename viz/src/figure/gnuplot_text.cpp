#include "figure/gnuplot_text.hpp"

#include <cmath>
#include <cstddef>

#include <fmt/format.h>

namespace xgrad::viz::detail {
namespace {

constexpr std::size_t most_rows_of_text = 4096;

// How many bytes the character takes that begins at `at`; 0 if it is not UTF-8.
std::size_t length_of_character(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  const unsigned second = byte(at + 1);  // overlong, surrogates, beyond U+10FFFF
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
    return 0;
  return length;
}

std::string bytes_of(std::initializer_list<const std::vector<double>*> columns, std::size_t rows) {
  std::string bytes;
  bytes.reserve(rows * columns.size() * sizeof(double));
  for (std::size_t row = 0; row < rows; ++row)
    for (const auto* column : columns)
      bytes.append(reinterpret_cast<const char*>(&(*column)[row]), sizeof(double));
  return bytes;
}

std::string text_of(std::initializer_list<const std::vector<double>*> columns, std::size_t rows) {
  std::string text;
  for (std::size_t row = 0; row < rows; ++row) {
    for (const auto* column : columns) text.append(number((*column)[row])).append(" ");
    text.back() = '\n';
  }
  return text + "e\n";
}

std::string format_of(std::size_t columns) {
  std::string format;
  for (std::size_t i = 0; i < columns; ++i) format += "%float64";
  return format;
}

}  // namespace

std::string gnuplot_string(std::string_view text) {
  std::string all = "'";
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = length_of_character(text, i);
    const char c = text[i];
    if (length == 0)
      all += "\xEF\xBF\xBD";
    else if (c == '\n')
      all += "'.\"\\n\".'";
    else if (c == '\'')
      all += "'.\"'\".'";  // gnuplot takes two pairs of quotes in a row for the end
    else if (length == 1 && (static_cast<unsigned char>(c) < 32 || c == 127))
      all += ' ';
    else
      all.append(text.substr(i, length));
    i += length == 0 ? 1 : length;
  }
  return all + "'";
}

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{:.17g}", value) : "NaN";
}

Table table_of(std::initializer_list<const std::vector<double>*> columns) {
  const std::size_t rows = (*columns.begin())->size();
  if (rows <= most_rows_of_text) return {"'-'", text_of(columns, rows)};
  return {fmt::format("'-' binary record=({}) format='{}'", rows, format_of(columns.size())),
          bytes_of(columns, rows)};
}

Table grid_of(const std::vector<double>& x, const std::vector<double>& y,
              const std::vector<double>& z) {
  std::vector<double> xs, ys;
  for (const double v : y) {
    xs.insert(xs.end(), x.begin(), x.end());
    ys.insert(ys.end(), x.size(), v);
  }
  return {fmt::format("'-' binary record=({},{}) format='{}'", x.size(), y.size(), format_of(3)),
          bytes_of({&xs, &ys, &z}, z.size())};
}

}  // namespace xgrad::viz::detail
