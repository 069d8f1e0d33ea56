#include "figure/gnuplot_text.hpp"

#include <cmath>
#include <cstddef>

#include <fmt/format.h>

#include "utf8.hpp"

namespace xgrad::viz::plotting {
namespace {

constexpr std::size_t most_rows_of_text = 4096;

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
    for (const auto* column : columns) text.append(gnuplot_number((*column)[row])).append(" ");
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
  while (!text.empty()) {
    const char32_t c = next_character(text);
    if (c == '\n')
      all += "'.\"\\n\".'";
    else if (c == '\'')
      all += "'.\"'\".'";  // gnuplot takes two pairs of quotes in a row for the end
    else
      all += is_control(c) ? " " : utf8(c);
  }
  return all + "'";
}

std::string gnuplot_number(double value) {
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

}  // namespace xgrad::viz::plotting
