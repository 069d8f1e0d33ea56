// axes_content.hpp: what an Axes holds, for those who draw it: gnuplot and the terminal.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <xgrad/viz/axes.hpp>

namespace xgrad::viz::plotting {

// Colours are filled in.
struct Line {
  Numbers x, y;
  LineOptions options;
};
struct Points {
  Numbers x, y;
  ScatterOptions options;
};
struct Bars {
  Numbers x, heights;
  BarOptions options;
};
/// Cells of equal size, row by row; the first row is at y.
struct Image {
  std::int64_t rows = 0, columns = 0;
  double x = 0, y = 0, dx = 1, dy = 1;  // the center of the first cell, and the distances
  std::vector<double> values;           // one for each cell, or three: red, green, blue
  bool is_rgb = false;
  ColorMap colors = ColorMap::viridis;
  std::pair<double, double> range{0, 1};
  std::vector<double> levels = {};  // of a filled contour, whose values are numbers of intervals
  bool colorbar = false;
};
struct Contours {
  Numbers x, y;
  std::vector<double> z;  // (y, x)
  Numbers levels;
  std::string color;
  double width = 1;
};
struct Arrow {
  double x, y, to_x, to_y;
  ArrowOptions options;
};
struct Text {
  double x, y;
  std::string text;
  TextOptions options;
};
struct Rule {
  bool horizontal;
  double at;
  LineOptions options;
};
using Artist = std::variant<Line, Points, Bars, Image, Contours, Arrow, Text, Rule>;

using Range = std::pair<double, double>;

struct Axis {
  std::string label;
  std::optional<Range> limits;
  Scale scale = Scale::linear;
  std::vector<std::pair<double, std::string>> ticks;  // in place of numbers
  bool named = false;                                 // whether ticks count, even if there are none
};

struct AxesContent {
  std::vector<Artist> artists;  // the first lies lowest
  std::string title;
  Axis x, y;
  bool equal = false, off = false;
  Legend legend = Legend::top_right;
  std::size_t curves = 0;  // colours that have been given
};

/// The value as it is drawn, NaN if it is not: infinities, and values that a log axis cannot show.
double drawable(double value, Scale scale) noexcept;

/// The ends of an axis: its limits, or the range of the data with a margin. They are finite,
/// differ, and are above 0 on a log axis.
Range range_of_x(const AxesContent& axes);
Range range_of_y(const AxesContent& axes);

/// Whether the axis is drawn with its low end on top or on the right.
inline bool is_turned(const Range& range) noexcept { return range.first > range.second; }

}  // namespace xgrad::viz::plotting
