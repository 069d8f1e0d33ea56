#include <xgrad/viz/decision_boundary.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/format.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/softmax.hpp>

#include "checks.hpp"
#include "figure/axes_content.hpp"

namespace xgrad::viz {
namespace {

constexpr const char* function = "decision_boundary";

struct Points {
  std::vector<double> x, y;
  std::vector<std::size_t> classes;
};

Points points_of(const data::Batch& data, Site site) {
  check_defined(function, "the data's inputs", data.inputs, site);
  check_defined(function, "the data's targets", data.targets, site);
  if (data.inputs.dim() != 2 || data.inputs.size(1) != 2 ||
      data.targets.numel() != data.inputs.size(0))
    throw ShapeError(
        fmt::format("{}: inputs are {} and targets {}; they must be (samples, 2) and "
                    "one class for each sample",
                    function, to_string(data.inputs.shape()), to_string(data.targets.shape())),
        site);
  Points points;
  const Numbers inputs(data.inputs), targets(data.targets);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (!(targets[i] >= 0 && targets[i] < 1000 && targets[i] == std::floor(targets[i])))
      throw ValueError(fmt::format("{}: the class of sample {} is {}; it must be an integer from 0 "
                                   "to 999",
                                   function, i, targets[i]),
                       site);
    points.x.push_back(inputs[2 * i]);
    points.y.push_back(inputs[2 * i + 1]);
    points.classes.push_back(static_cast<std::size_t>(targets[i]));
  }
  return points;
}

std::vector<double> axis_of(const std::vector<double>& values,
                            const std::optional<std::pair<double, double>>& limits, std::int64_t n,
                            Site site) {
  auto [low, high] = value_range(function, values, {}, {}, site);
  const double margin = 0.15 * (high - low);
  low -= margin, high += margin;
  if (limits) {
    std::tie(low, high) = *limits;
    check_limits(function, low, high, site);
    if (low > high)
      throw ValueError(fmt::format("{}: the limits are {} and {}; the lower one must come first",
                                   function, low, high),
                       site);
  }
  std::vector<double> axis;
  for (std::int64_t i = 0; i < n; ++i)
    axis.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(n - 1));
  return axis;
}

Tensor grid_of(const std::vector<double>& x, const std::vector<double>& y, DType dtype) {
  std::vector<double> points;
  for (const double v : y)
    for (const double u : x) {
      points.push_back(u);
      points.push_back(v);
    }
  return tensor(points).reshape({-1, 2}).to(dtype);
}

// (n, classes), whatever of it the model gives.
Tensor probabilities(Tensor output, std::int64_t n, bool logits, Site site) {
  check_defined(function, "what the model returned", output, site);
  if (output.dim() == 1 || (output.dim() == 2 && output.size(1) == 1)) {
    if (output.numel() == n) {
      const Numbers one(logits ? sigmoid(output) : output);
      std::vector<double> both;
      for (const double p : one) {
        both.push_back(1 - p);
        both.push_back(p);
      }
      return tensor(both).reshape({n, 2});
    }
  } else if (output.dim() == 2 && output.size(0) == n && output.size(1) > 0) {
    return softmax(output.to(float64), 1);
  }
  throw ShapeError(fmt::format("{}: for {} points the model returned {}; it must be ({}), ({}, 1) "
                               "or ({}, classes)",
                               function, n, to_string(output.shape()), n, n, n),
                   site);
}

// A probability in steps of 1/16: a GIF has 256 colours.
double in_steps(double p) { return std::round(16 * std::clamp(p, 0.0, 1.0)) / 16; }

// The colours of the classes, pale, mixed by their probabilities.
plotting::Image areas(const Numbers& p, std::size_t classes, const std::vector<double>& x,
                      const std::vector<double>& y) {
  plotting::Image image;
  image.rows = static_cast<std::int64_t>(y.size());
  image.columns = static_cast<std::int64_t>(x.size());
  image.x = x[0], image.y = y[0];
  image.dx = x[1] - x[0], image.dy = y[1] - y[0];
  image.is_rgb = true;
  for (std::size_t i = 0; i < x.size() * y.size(); ++i) {
    double mixed[3] = {1, 1, 1};
    for (std::size_t k = 0; k < classes; ++k) {
      const Rgb c = rgb_of(color_of_curve(k));
      const double weight = 0.55 * in_steps(p[i * classes + k]);
      mixed[0] -= weight * (1 - c.red);
      mixed[1] -= weight * (1 - c.green);
      mixed[2] -= weight * (1 - c.blue);
    }
    image.values.insert(image.values.end(), mixed, mixed + 3);
  }
  return image;
}

// By how much class k is likelier than any other: 0 on its boundary.
Tensor lead_of(const Numbers& p, std::size_t k, std::size_t classes, const Shape& shape) {
  std::vector<double> lead;
  for (std::size_t i = 0; i < p.size(); i += classes) {
    double other = 0;
    for (std::size_t j = 0; j < classes; ++j)
      if (j != k) other = std::max(other, p[i + j]);
    lead.push_back(p[i + k] - other);
  }
  return tensor(lead).reshape(shape);
}

void scatter_classes(Axes& axes, const Points& points, const DecisionBoundaryOptions& options) {
  const std::size_t classes =
      points.classes.empty() ? 0
                             : *std::max_element(points.classes.begin(), points.classes.end()) + 1;
  for (std::size_t k = 0; k < classes; ++k) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
      if (points.classes[i] != k) continue;
      x.push_back(points.x[i]);
      y.push_back(points.y[i]);
    }
    if (x.empty()) continue;
    const std::string label =
        k < options.classes.size() ? options.classes[k] : fmt::format("class {}", k);
    axes.scatter(x, y, {.label = label, .color = color_of_curve(k), .edge = "#ffffff"});
  }
}

}  // namespace

void draw_decision_boundary(Axes& axes, const Predict& predict, const data::Batch& data,
                            const DecisionBoundaryOptions& options, Site site) {
  check_within(function, "resolution", static_cast<double>(options.resolution), 2, 2000, site);
  check_callable(function, "predict", predict, site);
  const NoGrad guard;
  const Points points = points_of(data, site);
  const std::vector<double> x = axis_of(points.x, options.xlim, options.resolution, site);
  const std::vector<double> y = axis_of(points.y, options.ylim, options.resolution, site);
  const Tensor grid = grid_of(x, y, data.inputs.dtype());
  const Tensor p = probabilities(predict(grid), grid.size(0), options.logits, site);
  const auto classes = static_cast<std::size_t>(p.size(1));
  const Numbers shares(p);
  axes.content().artists.push_back(areas(shares, classes, x, y));
  const Shape shape{options.resolution, options.resolution};
  for (std::size_t k = classes == 2 ? 1 : 0; k < classes; ++k)
    axes.contour(x, y, lead_of(shares, k, classes, shape),
                 {.levels = {0}, .color = "#222222", .width = 1.6}, site);
  scatter_classes(axes, points, options);
  axes.set_title(options.title).set_xlabel("x1").set_ylabel("x2").legend(Legend::outside);
  axes.set_xlim(x.front(), x.back()).set_ylim(y.front(), y.back());
}

Figure decision_boundary(const Predict& predict, const data::Batch& data,
                         const DecisionBoundaryOptions& options, Site site) {
  Figure figure({.width = 560, .height = 420});
  draw_decision_boundary(figure.axes(), predict, data, options, site);
  return figure;
}

}  // namespace xgrad::viz
