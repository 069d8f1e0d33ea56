// gnuplot_text.hpp: text, numbers and tables as gnuplot reads them.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace xgrad::viz::plotting {

/// A string expression of gnuplot with the same characters. Only line breaks have a meaning; other
/// control characters become spaces, and what no picture shows U+FFFD, as in utf8.hpp.
std::string gnuplot_string(std::string_view text);

/// The number to its last digit; NaN for what is not finite.
std::string gnuplot_number(double value);

/// Columns of the same length, as data that follow a plot command.
struct Table {
  std::string source;  ///< what the plot command has for the file
  std::string data;
};
/// A row for each position: text or, for many rows, the bytes of the numbers.
Table table_of(std::initializer_list<const std::vector<double>*> columns);
/// The points of a grid, for splot: (x, y, z), row by row.
Table grid_of(const std::vector<double>& x, const std::vector<double>& y,
              const std::vector<double>& z);

}  // namespace xgrad::viz::plotting
