#include "figure/gnuplot_axes.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "figure/gnuplot_artists.hpp"
#include "figure/gnuplot_text.hpp"

namespace xgrad::viz::plotting {
namespace {

constexpr const char* style =
    "set border 3 front linecolor rgb '#444444' linewidth 1\n"
    "set tics nomirror front scale 0.5 textcolor rgb '#222222'\n"
    "set grid back linetype 1 linewidth 0.6 linecolor rgb '#dddddd'\n"
    "unset colorbox\n";

const char* place_of(Legend legend) {
  switch (legend) {
    case Legend::top_left:
      return "inside top left";
    case Legend::bottom_right:
      return "inside bottom right";
    case Legend::bottom_left:
      return "inside bottom left";
    case Legend::outside:
      return "outside right top";
    default:
      return "inside top right";
  }
}

bool has_images(const AxesContent& axes) {
  return std::any_of(axes.artists.begin(), axes.artists.end(),
                     [](const Artist& a) { return std::holds_alternative<Image>(a); });
}

std::size_t characters(const Axis& axis) {
  std::size_t n = 0;
  for (const auto& tick : axis.ticks) n += tick.second.size() + 2;
  return n;
}

// Names of ticks are formats.
std::string without_format(const std::string& text) {
  std::string all;
  for (const char c : text) all += c == '%' ? "%%" : std::string(1, c);
  return all;
}

// Names where they are given, powers of ten where numbers span some, else what gnuplot chooses.
std::string ticks(char name, const Axis& axis, Range range, double width) {
  if (axis.named) {
    std::string all;
    for (const auto& [at, text] : axis.ticks)
      all += fmt::format("{}{} {}", all.empty() ? "" : ", ", gnuplot_string(without_format(text)),
                         gnuplot_number(at));
    const bool crowded = name == 'x' && static_cast<double>(characters(axis)) * 6.5 > 0.85 * width;
    return fmt::format("set {}tics {} noenhanced ({})\n", name,
                       crowded ? "rotate by 40 right" : "norotate", all);
  }
  if (axis.scale == Scale::linear) return fmt::format("set format {} '%g'\n", name);
  const double decades = std::abs(std::log10(range.second) - std::log10(range.first));
  if (decades > 1.5) return fmt::format("set format {0} '10^{{%L}}'\nset m{0}tics 10\n", name);
  return fmt::format("set format {} '%g'\n", name);
}

std::string axis_commands(char name, const Axis& axis, Range range, double width) {
  std::string all;
  if (!axis.label.empty())
    all += fmt::format("set {}label {} noenhanced\n", name, gnuplot_string(axis.label));
  all += fmt::format("set {}range [{}:{}]\n", name, gnuplot_number(range.first),
                     gnuplot_number(range.second));
  if (axis.scale == Scale::log) all += fmt::format("set logscale {}\n", name);
  return all + ticks(name, axis, range, width);
}

std::string legend_commands(const AxesContent& axes) {
  if (axes.legend == Legend::none) return "unset key\n";
  return fmt::format(
      "set key {} noenhanced opaque fillcolor rgb '#ffffff' samplen 1.6 spacing 1.15 width 0.5 "
      "Left reverse\n",
      place_of(axes.legend));
}

}  // namespace

std::string commands_of(const AxesContent& axes, double width, Site site) {
  if (has_images(axes) && (axes.x.scale == Scale::log || axes.y.scale == Scale::log))
    throw ValueError(
        "Figure: a plot with an image or filled contours has a logarithmic axis; gnuplot draws "
        "these on linear axes only",
        site);
  std::string all = std::string("reset\n") + style;
  all += legend_commands(axes);
  if (!axes.title.empty())
    all += fmt::format("set title {} noenhanced\n", gnuplot_string(axes.title));
  all += axis_commands('x', axes.x, range_of_x(axes), width);
  all += axis_commands('y', axes.y, range_of_y(axes), 0);
  if (axes.equal) all += "set size ratio -1\n";
  if (axes.off) all += "unset border\nunset xtics\nunset ytics\nunset grid\n";
  return all + artists_commands(axes);
}

}  // namespace xgrad::viz::plotting
