#include <xgrad/viz/axes.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "checks.hpp"
#include "figure/axes_content.hpp"

namespace xgrad::viz {
namespace {

using plotting::AxesContent;

Numbers count(std::size_t n) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(static_cast<double>(i));
  return values;
}

// Gives the artist the next color, unless it has one.
template <class Options>
Options colored(AxesContent& axes, const char* function, Options options, Site site) {
  check_color(function, options.color, site);
  if (options.color.empty()) options.color = color_of_curve(axes.curves++);
  return options;
}

void check_line(const char* function, const LineOptions& options, Site site) {
  check_within(function, "width", options.width, 0, 100, site);
  check_within(function, "marker_size", options.marker_size, 0, 100, site);
}

void check_finite(const char* function, std::initializer_list<double> values, Site site) {
  for (const double v : values)
    if (!std::isfinite(v))
      throw ValueError(fmt::format("{}: a coordinate is {}; it must be finite", function, v), site);
}

void set_ticks(const char* function, plotting::Axis& axis, const Numbers& at,
               const std::vector<std::string>& names, Site site) {
  check_same_size(function, "at", at.size(), "names", names.size(), site);
  axis.ticks.clear();
  axis.named = true;
  for (std::size_t i = 0; i < at.size(); ++i)
    if (std::isfinite(at[i])) axis.ticks.emplace_back(at[i], names[i]);
}

// How many of the values lie in each of the bins of a range; the last bin has both its ends.
std::vector<double> counts_in_bins(const Numbers& values, std::pair<double, double> range,
                                   std::int64_t bins) {
  std::vector<double> counts(static_cast<std::size_t>(bins));
  for (const double v : values) {
    if (!(v >= range.first && v <= range.second)) continue;
    const double share = (v - range.first) / (range.second - range.first);
    const auto bin = static_cast<std::int64_t>(share * static_cast<double>(bins));
    ++counts[static_cast<std::size_t>(std::min(bin, bins - 1))];
  }
  return counts;
}

}  // namespace

Axes::Axes() : content_(std::make_shared<AxesContent>()) {}

Axes& Axes::plot(const Numbers& x, const Numbers& y, const LineOptions& options, Site site) {
  check_same_size("Axes::plot", "x", x.size(), "y", y.size(), site);
  check_line("Axes::plot", options, site);
  content_->artists.push_back(
      plotting::Line{x, y, colored(*content_, "Axes::plot", options, site)});
  return *this;
}

Axes& Axes::plot(const Numbers& y, const LineOptions& options, Site site) {
  return plot(count(y.size()), y, options, site);
}

Axes& Axes::scatter(const Numbers& x, const Numbers& y, const ScatterOptions& options, Site site) {
  check_same_size("Axes::scatter", "x", x.size(), "y", y.size(), site);
  check_within("Axes::scatter", "size", options.size, 0, 100, site);
  check_color("Axes::scatter", options.edge, site);
  content_->artists.push_back(
      plotting::Points{x, y, colored(*content_, "Axes::scatter", options, site)});
  return *this;
}

Axes& Axes::bar(const Numbers& x, const Numbers& heights, const BarOptions& options, Site site) {
  check_same_size("Axes::bar", "x", x.size(), "heights", heights.size(), site);
  if (!(options.width > 0 && std::isfinite(options.width)))
    throw ValueError(fmt::format("Axes::bar: width is {}; it must be above 0", options.width),
                     site);
  check_within("Axes::bar", "opacity", options.opacity, 0, 1, site);
  content_->artists.push_back(
      plotting::Bars{x, heights, colored(*content_, "Axes::bar", options, site)});
  return *this;
}

Axes& Axes::bar(const std::vector<std::string>& names, const Numbers& heights,
                const BarOptions& options, Site site) {
  check_same_size("Axes::bar", "names", names.size(), "heights", heights.size(), site);
  bar(count(names.size()), heights, options, site);
  return set_xticks(count(names.size()), names, site);
}

Axes& Axes::hist(const Numbers& values, const HistOptions& options, Site site) {
  check_within("Axes::hist", "bins", static_cast<double>(options.bins), 1, 1e6, site);
  std::optional<double> low, high;
  if (options.range) low = options.range->first, high = options.range->second;
  const auto range = value_range("Axes::hist", values.values(), low, high, site);
  check_limits("Axes::hist", range.first, range.second, site);
  std::vector<double> heights = counts_in_bins(values, range, options.bins), centers;
  const double width = (range.second - range.first) / static_cast<double>(options.bins);
  for (std::size_t i = 0; i < heights.size(); ++i) {
    centers.push_back(range.first + width * (static_cast<double>(i) + 0.5));
    if (options.density && !values.empty())
      heights[i] /= static_cast<double>(values.size()) * width;
  }
  return bar(centers, heights,
             {.label = options.label, .color = options.color, .width = width, .opacity = 0.7},
             site);
}

Axes& Axes::arrow(double x, double y, double to_x, double to_y, const ArrowOptions& options,
                  Site site) {
  check_finite("Axes::arrow", {x, y, to_x, to_y}, site);
  check_color("Axes::arrow", options.color, site);
  check_within("Axes::arrow", "width", options.width, 0, 100, site);
  content_->artists.push_back(plotting::Arrow{x, y, to_x, to_y, options});
  return *this;
}

Axes& Axes::text(double x, double y, const std::string& text, const TextOptions& options,
                 Site site) {
  check_finite("Axes::text", {x, y}, site);
  check_color("Axes::text", options.color, site);
  check_within("Axes::text", "size", options.size, 0.1, 20, site);
  content_->artists.push_back(plotting::Text{x, y, text, options});
  return *this;
}

Axes& Axes::axhline(double y, const LineOptions& options, Site site) {
  check_finite("Axes::axhline", {y}, site);
  check_line("Axes::axhline", options, site);
  content_->artists.push_back(
      plotting::Rule{true, y, colored(*content_, "Axes::axhline", options, site)});
  return *this;
}

Axes& Axes::axvline(double x, const LineOptions& options, Site site) {
  check_finite("Axes::axvline", {x}, site);
  check_line("Axes::axvline", options, site);
  content_->artists.push_back(
      plotting::Rule{false, x, colored(*content_, "Axes::axvline", options, site)});
  return *this;
}

Axes& Axes::set_title(const std::string& text) {
  content_->title = text;
  return *this;
}
Axes& Axes::set_xlabel(const std::string& text) {
  content_->x.label = text;
  return *this;
}
Axes& Axes::set_ylabel(const std::string& text) {
  content_->y.label = text;
  return *this;
}
Axes& Axes::set_xlim(double low, double high, Site site) {
  check_limits("Axes::set_xlim", low, high, site);
  content_->x.limits = {low, high};
  return *this;
}
Axes& Axes::set_ylim(double low, double high, Site site) {
  check_limits("Axes::set_ylim", low, high, site);
  content_->y.limits = {low, high};
  return *this;
}
Axes& Axes::set_xscale(Scale scale) {
  content_->x.scale = scale;
  return *this;
}
Axes& Axes::set_yscale(Scale scale) {
  content_->y.scale = scale;
  return *this;
}
Axes& Axes::set_xticks(const Numbers& at, const std::vector<std::string>& names, Site site) {
  set_ticks("Axes::set_xticks", content_->x, at, names, site);
  return *this;
}
Axes& Axes::set_yticks(const Numbers& at, const std::vector<std::string>& names, Site site) {
  set_ticks("Axes::set_yticks", content_->y, at, names, site);
  return *this;
}
Axes& Axes::set_equal() {
  content_->equal = true;
  return *this;
}
Axes& Axes::set_axis_off() {
  content_->off = true;
  return *this;
}
Axes& Axes::legend(Legend place) {
  content_->legend = place;
  return *this;
}

}  // namespace xgrad::viz
