#include <xgrad/viz/axes.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/format.hpp>

#include "checks.hpp"
#include "figure/axes_content.hpp"

namespace xgrad::viz {
namespace {

using plotting::Image;

std::vector<double> elements_of(const Tensor& tensor) { return Numbers(tensor).values(); }

Image image_of(const char* function, const Tensor& tensor, ColorMap colors,
               std::optional<double> low, std::optional<double> high, Site site) {
  Image image;
  image.rows = tensor.size(0);
  image.columns = tensor.size(1);
  image.values = elements_of(tensor);
  image.colors = colors;
  image.range = value_range(function, image.values, low, high, site);
  return image;
}

void check_matrix(const char* function, const Tensor& matrix, Site site) {
  check_defined(function, "the matrix", matrix, site);
  if (matrix.dim() == 2) return;
  throw ShapeError(fmt::format("{}: the tensor is {}; it must be (rows, columns)", function,
                               to_string(matrix.shape())),
                   site);
}

// Black or white, what stands out from the color.
std::string contrast(const Rgb& c) {
  return 0.299 * c.red + 0.587 * c.green + 0.114 * c.blue > 0.5 ? "#000000" : "#ffffff";
}

void write_values(Axes& axes, const Image& image, int digits, Site site) {
  for (std::int64_t i = 0; i < image.rows * image.columns; ++i) {
    const double value = image.values[static_cast<std::size_t>(i)];
    const double share = (value - image.range.first) / (image.range.second - image.range.first);
    const Rgb color = std::isfinite(value) ? color_at(image.colors, share) : Rgb{1, 1, 1};
    axes.text(static_cast<double>(i % image.columns), static_cast<double>(i / image.columns),
              fmt::format("{:.{}g}", value, digits),
              {.color = contrast(color), .align = Align::center, .size = 0.85}, site);
  }
}

Numbers positions(std::size_t n) {
  std::vector<double> at;
  for (std::size_t i = 0; i < n; ++i) at.push_back(static_cast<double>(i));
  return at;
}

void check_names(const std::vector<std::string>& names, const Tensor& matrix, int axis, Site site) {
  if (names.empty()) return;
  check_same_size("Axes::heatmap", axis == 0 ? "rows" : "columns", names.size(), "that axis",
                  static_cast<std::size_t>(matrix.size(axis)), site);
}

void check_grid(const char* function, const Numbers& x, const Numbers& y, const Tensor& z,
                Site site) {
  check_defined(function, "z", z, site);
  check_rising(function, "x", x, site);
  check_rising(function, "y", y, site);
  if (x.size() < 2 || y.size() < 2)
    throw ShapeError(fmt::format("{}: x has {} values and y has {}; each must have at least 2",
                                 function, x.size(), y.size()),
                     site);
  const Shape expected{static_cast<std::int64_t>(y.size()), static_cast<std::int64_t>(x.size())};
  if (z.shape() != expected)
    throw ShapeError(
        fmt::format("{}: z is {}; for {} values of y and {} of x it must be {}", function,
                    to_string(z.shape()), y.size(), x.size(), to_string(expected)),
        site);
}

void check_lines(const char* function, const ContourOptions& options, Site site) {
  check_color(function, options.color, site);
  check_within(function, "width", options.width, 0, 100, site);
}

// The given levels, or `count` of them that divide the range of the values evenly.
Numbers levels_of(const char* function, const ContourOptions& options, const std::vector<double>& z,
                  Site site) {
  if (!options.levels.empty()) {
    check_rising(function, "levels", options.levels, site);
    return options.levels;
  }
  check_within(function, "count", static_cast<double>(options.count), 1, 1000, site);
  const auto [low, high] = value_range(function, z, {}, {}, site);
  std::vector<double> levels;
  for (std::int64_t i = 1; i <= options.count; ++i)
    levels.push_back(low + (high - low) * static_cast<double>(i) /
                               static_cast<double>(options.count + 1));
  return levels;
}

// Values of a grid, linear between its points.
class Surface {
 public:
  Surface(const Numbers& x, const Numbers& y, const std::vector<double>& z) : x_(x), y_(y), z_(z) {}
  double at(double x, double y) const {
    const auto [column, across] = place(x_, x);
    const auto [row, up] = place(y_, y);
    const double low = mix(z(row, column), z(row, column + 1), across);
    return mix(low, mix(z(row + 1, column), z(row + 1, column + 1), across), up);
  }

 private:
  // Neither side counts where its share is 0, so that a NaN stays where it is.
  static double mix(double a, double b, double share) {
    return share <= 0 ? a : share >= 1 ? b : a * (1 - share) + b * share;
  }
  static std::pair<std::size_t, double> place(const Numbers& values, double at) {
    const auto after = std::upper_bound(values.begin(), values.end(), at);
    const auto above = std::clamp<std::size_t>(static_cast<std::size_t>(after - values.begin()), 1,
                                               values.size() - 1);
    return {above - 1, (at - values[above - 1]) / (values[above] - values[above - 1])};
  }
  double z(std::size_t row, std::size_t column) const { return z_[row * x_.size() + column]; }

  const Numbers &x_, &y_;
  const std::vector<double>& z_;
};

// The number of the interval between levels, in which the value is.
double interval(const Numbers& levels, double value) {
  if (std::isnan(value)) return value;
  return static_cast<double>(std::upper_bound(levels.begin(), levels.end(), value) -
                             levels.begin());
}

// Fine cells, each with the middle value of the interval of its point.
Image filled(const Numbers& x, const Numbers& y, const std::vector<double>& z,
             const Numbers& levels) {
  constexpr std::int64_t cells = 240;
  const Surface surface(x, y, z);
  Image image;
  image.rows = image.columns = cells;
  const double x0 = x[0], y0 = y[0];
  image.dx = (x[x.size() - 1] - x0) / cells;
  image.dy = (y[y.size() - 1] - y0) / cells;
  image.x = x0 + 0.5 * image.dx;
  image.y = y0 + 0.5 * image.dy;
  for (std::int64_t row = 0; row < cells; ++row)
    for (std::int64_t column = 0; column < cells; ++column)
      image.values.push_back(
          interval(levels, surface.at(image.x + static_cast<double>(column) * image.dx,
                                      image.y + static_cast<double>(row) * image.dy)));
  return image;
}

}  // namespace

Axes& Axes::imshow(const Tensor& tensor, const ImageOptions& options, Site site) {
  check_defined("Axes::imshow", "the image", tensor, site);
  const bool rgb = tensor.dim() == 3 && tensor.size(2) == 3;
  if (tensor.dim() != 2 && !rgb)
    throw ShapeError(fmt::format("Axes::imshow: the image is {}; it must be (rows, columns) or "
                                 "(rows, columns, 3)",
                                 to_string(tensor.shape())),
                     site);
  Image image = image_of("Axes::imshow", tensor, options.colors, options.low, options.high, site);
  image.is_rgb = rgb;
  image.colorbar = options.colorbar && !rgb;
  set_ylim(std::max(1.0, static_cast<double>(image.rows)) - 0.5, -0.5, site);
  content_->artists.push_back(std::move(image));
  return set_equal().set_axis_off();
}

Axes& Axes::heatmap(const Tensor& matrix, const HeatmapOptions& options, Site site) {
  check_matrix("Axes::heatmap", matrix, site);
  check_within("Axes::heatmap", "digits", options.digits.value_or(1), 1, 17, site);
  Image image = image_of("Axes::heatmap", matrix, options.colors, options.low, options.high, site);
  image.colorbar = options.colorbar;
  check_names(options.rows, matrix, 0, site);
  check_names(options.columns, matrix, 1, site);
  set_ylim(std::max(1.0, static_cast<double>(image.rows)) - 0.5, -0.5, site);
  if (!options.rows.empty()) set_yticks(positions(options.rows.size()), options.rows, site);
  if (!options.columns.empty())
    set_xticks(positions(options.columns.size()), options.columns, site);
  content_->artists.push_back(image);
  if (options.digits) write_values(*this, image, *options.digits, site);
  return *this;
}

Axes& Axes::contour(const Numbers& x, const Numbers& y, const Tensor& z,
                    const ContourOptions& options, Site site) {
  check_grid("Axes::contour", x, y, z, site);
  check_lines("Axes::contour", options, site);
  const std::vector<double> values = elements_of(z);
  content_->artists.push_back(plotting::Contours{x, y, values,
                                                 levels_of("Axes::contour", options, values, site),
                                                 options.color, options.width});
  return *this;
}

Axes& Axes::contourf(const Numbers& x, const Numbers& y, const Tensor& z,
                     const ContourOptions& options, Site site) {
  check_grid("Axes::contourf", x, y, z, site);
  check_lines("Axes::contourf", options, site);
  const std::vector<double> values = elements_of(z);
  const Numbers levels = levels_of("Axes::contourf", options, values, site);
  Image image = filled(x, y, values, levels);
  image.colors = options.colors;
  image.levels = levels.values();
  image.range = {-0.5, static_cast<double>(levels.size()) + 0.5};
  image.colorbar = options.colorbar;
  content_->artists.push_back(std::move(image));
  if (options.width <= 0) return *this;
  ContourOptions lines = options;
  lines.levels = levels;
  return contour(x, y, z, lines, site);
}

}  // namespace xgrad::viz
