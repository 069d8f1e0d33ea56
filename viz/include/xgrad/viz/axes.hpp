// axes.hpp: Axes, one plot of a figure: what is drawn in it, and its labels and scales.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/viz/colors.hpp>
#include <xgrad/viz/numbers.hpp>

namespace xgrad::viz {

namespace plotting {
struct AxesContent;
}

/// How numbers are laid out along an axis; `log` shows those above 0.
enum class Scale { linear, log };
/// How a line is drawn.
enum class Dash { solid, dashed, dotted };
/// What is drawn at a point.
enum class Marker { none, circle, square, triangle, diamond, cross, star };
/// Which part of a text stands at its position.
enum class Align { left, center, right };
/// Where the legend stands. It appears if anything has a label. `outside` is right of the plot.
enum class Legend { none, top_right, top_left, bottom_right, bottom_left, outside };

// An empty color is the next one of color_of_curve; others are "#rrggbb". Widths and sizes are in
// points of the picture, or relative to the usual size where the comment says so.

struct LineOptions {
  std::string label = {};
  std::string color = {};
  double width = 1.8;
  Dash dash = Dash::solid;
  Marker marker = Marker::none;
  double marker_size = 1;  ///< relative
};
struct ScatterOptions {
  std::string label = {};
  std::string color = {};
  Marker marker = Marker::circle;
  double size = 1;        ///< relative
  std::string edge = {};  ///< colour of a line around each marker; none if empty
};
struct BarOptions {
  std::string label = {};
  std::string color = {};
  double width = 0.8;  ///< in units of the axis
  double opacity = 1;  ///< from 0 to 1
};
struct HistOptions {
  std::string label = {};
  std::string color = {};
  std::int64_t bins = 30;
  std::optional<std::pair<double, double>> range = {};  ///< of all finite values by default
  bool density = false;  ///< divide by the number of values and the width of a bin
};
struct ImageOptions {
  ColorMap colors = ColorMap::gray;
  std::optional<double> low = {}, high = {};  ///< the values at the ends of the colour map
  bool colorbar = false;
};
struct HeatmapOptions {
  ColorMap colors = ColorMap::viridis;
  std::optional<double> low = {}, high = {};  ///< the values at the ends of the colour map
  bool colorbar = true;
  std::vector<std::string> rows = {}, columns = {};  ///< names, in place of numbers
  /// Writes each value into its cell, to so many significant digits.
  std::optional<int> digits = {};
};
struct ContourOptions {
  Numbers levels = {};  ///< `count` of them over the values by default
  std::int64_t count = 10;
  ColorMap colors = ColorMap::viridis;  ///< of contourf
  std::string color = "#444444";        ///< of contour
  double width = 1;                     ///< of lines; 0 draws none
  bool colorbar = true;                 ///< of contourf
};
struct ArrowOptions {
  std::string color = "#222222";
  double width = 1.5;
};
struct TextOptions {
  std::string color = "#222222";
  Align align = Align::left;
  double size = 1;  ///< relative
};

/// One plot of a Figure. Copies refer to the same plot. Calls can be chained.
///
/// What is drawn later lies above. NaN and infinities are gaps, as are values on a logarithmic axis
/// that are not above 0. Empty data draw nothing. The range of an axis is that of the data unless
/// it is set. Text is shown as it is: no character is special, and lines end at "\n".
///
/// Errors name the function: ShapeError for numbers that do not fit together, ValueError for an
/// option out of range or a colour that is not "#rrggbb".
///
///     viz::Figure figure;
///     figure.axes().plot(steps, losses, {.label = "Adam"}).set_yscale(viz::Scale::log);
class Axes {
 public:
  Axes();
  Axes(const Axes&) = default;  // a move is a copy, which leaves the other as it is
  Axes& operator=(const Axes&) = default;

  /// A line through points; without x, over 0, 1, 2, ...
  Axes& plot(const Numbers& x, const Numbers& y, const LineOptions& options = {},
             Site site = Site::here());
  Axes& plot(const Numbers& y, const LineOptions& options = {}, Site site = Site::here());
  /// A marker at each point.
  Axes& scatter(const Numbers& x, const Numbers& y, const ScatterOptions& options = {},
                Site site = Site::here());
  /// A bar from 0 to each height, around x; or for each name.
  Axes& bar(const Numbers& x, const Numbers& heights, const BarOptions& options = {},
            Site site = Site::here());
  Axes& bar(const std::vector<std::string>& names, const Numbers& heights,
            const BarOptions& options = {}, Site site = Site::here());
  /// How many values lie in each of equal intervals; values outside the range are not counted.
  Axes& hist(const Numbers& values, const HistOptions& options = {}, Site site = Site::here());

  /// An image with the first row on top: (rows, columns) by the colour map, or (rows, columns, 3)
  /// of red, green and blue in [0, 1]. Takes the axes away.
  Axes& imshow(const Tensor& image, const ImageOptions& options = {}, Site site = Site::here());
  /// A matrix as cells, the first row on top.
  Axes& heatmap(const Tensor& matrix, const HeatmapOptions& options = {}, Site site = Site::here());
  /// Lines of equal height of z, (y.size(), x.size()), over the grid of x and y, which rise.
  Axes& contour(const Numbers& x, const Numbers& y, const Tensor& z,
                const ContourOptions& options = {}, Site site = Site::here());
  /// The same, with the areas between filled.
  Axes& contourf(const Numbers& x, const Numbers& y, const Tensor& z,
                 const ContourOptions& options = {}, Site site = Site::here());

  /// An arrow from (x, y), in numbers of the axes, with its head at (to_x, to_y).
  Axes& arrow(double x, double y, double to_x, double to_y, const ArrowOptions& options = {},
              Site site = Site::here());
  /// A text at (x, y), in numbers of the axes.
  Axes& text(double x, double y, const std::string& text, const TextOptions& options = {},
             Site site = Site::here());
  /// A straight line across the plot.
  Axes& axhline(double y, const LineOptions& options = {}, Site site = Site::here());
  Axes& axvline(double x, const LineOptions& options = {}, Site site = Site::here());

  /// Above the plot.
  Axes& set_title(const std::string& text);
  /// Beside the axes: what the numbers are, and their unit.
  Axes& set_xlabel(const std::string& text);
  Axes& set_ylabel(const std::string& text);
  /// Low and high end, which are finite and differ; low above high turns the axis around.
  Axes& set_xlim(double low, double high, Site site = Site::here());
  Axes& set_ylim(double low, double high, Site site = Site::here());
  Axes& set_xscale(Scale scale);
  Axes& set_yscale(Scale scale);
  /// Names at positions, in place of numbers.
  Axes& set_xticks(const Numbers& at, const std::vector<std::string>& names,
                   Site site = Site::here());
  Axes& set_yticks(const Numbers& at, const std::vector<std::string>& names,
                   Site site = Site::here());
  /// A unit of x is as long as one of y.
  Axes& set_equal();
  /// Draws neither frame nor numbers.
  Axes& set_axis_off();
  /// Where the legend stands.
  Axes& legend(Legend place);

  /// What has been drawn so far, for the library's own functions that draw into a plot.
  const plotting::AxesContent& content() const noexcept { return *content_; }
  plotting::AxesContent& content() noexcept { return *content_; }

 private:
  std::shared_ptr<plotting::AxesContent> content_;
};

}  // namespace xgrad::viz
