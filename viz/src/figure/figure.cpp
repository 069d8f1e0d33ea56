#include <xgrad/viz/figure.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/io/file.hpp>

#include "checks.hpp"
#include "figure/axes_content.hpp"
#include "figure/gnuplot.hpp"
#include "figure/gnuplot_axes.hpp"
#include "figure/gnuplot_text.hpp"
#include "figure/terminal.hpp"

namespace xgrad::viz {
namespace {

FigureOptions completed(FigureOptions o, int rows, int columns, Site site) {
  check_within("Figure", "rows", rows, 1, 64, site);
  check_within("Figure", "columns", columns, 1, 64, site);
  if (o.width == 0) o.width = std::min(10000, columns == 1 ? 600 : 380 * columns);
  if (o.height == 0)
    o.height = std::min(10000, (rows == 1 ? 360 : 300 * rows) + (o.title.empty() ? 0 : 30));
  check_within("Figure", "width", o.width, 50, 10000, site);
  check_within("Figure", "height", o.height, 50, 10000, site);
  check_within("Figure", "scale", o.scale, 0.25, 8, site);
  return o;
}

std::string script_of(const Figure& figure, Site site) {
  const bool grid = figure.rows() * figure.columns() > 1 || !figure.options().title.empty();
  std::string all;
  if (grid) {
    all = fmt::format("set multiplot layout {},{}", figure.rows(), figure.columns());
    if (!figure.options().title.empty())
      all += fmt::format(" title {} noenhanced font ',12'",
                         plotting::gnuplot_string(figure.options().title));
    all += "\n";
  }
  for (int row = 0; row < figure.rows(); ++row)
    for (int column = 0; column < figure.columns(); ++column)
      all += plotting::commands_of(figure.axes(row, column).content(),
                                   static_cast<double>(figure.width()) / figure.columns(), site);
  return grid ? all + "unset multiplot\n" : all;
}

std::string png_terminal(const FigureOptions& o) {
  const auto pixels = [&](int points) { return static_cast<int>(points * o.scale); };
  return fmt::format(
      "pngcairo enhanced rounded size {},{} background '#ffffff' font 'DejaVu Sans,10' fontscale "
      "{:.3g} linewidth {:.3g} pointscale {:.3g}",
      pixels(o.width), pixels(o.height), o.scale, o.scale, o.scale);
}

}  // namespace

Figure::Figure(const FigureOptions& options, Site site) : Figure(1, 1, options, site) {}

Figure::Figure(int rows, int columns, const FigureOptions& options, Site site)
    : rows_(rows), columns_(columns), options_(completed(options, rows, columns, site)) {
  for (int i = 0; i < rows * columns; ++i) axes_.emplace_back();
}

const Axes& Figure::axes(int row, int column, Site site) const {
  if (row < 0 || row >= rows_ || column < 0 || column >= columns_)
    throw ValueError(fmt::format("Figure::axes: there is no plot at row {}, column {}; the figure "
                                 "has {} rows and {} columns",
                                 row, column, rows_, columns_),
                     site);
  return axes_[static_cast<std::size_t>(row * columns_ + column)];
}
Axes& Figure::axes(int row, int column, Site site) {
  return const_cast<Axes&>(static_cast<const Figure&>(*this).axes(row, column, site));
}

std::string Figure::script() const { return script_of(*this, {}); }

std::string Figure::png(Site site) const {
  return plotting::run_gnuplot("Figure::png", png_terminal(options_), script_of(*this, site), site);
}

std::string Figure::svg(Site site) const {
  const std::string terminal =
      fmt::format("svg enhanced rounded size {},{} background '#ffffff' font 'sans-serif,11'",
                  options_.width, options_.height);
  return plotting::run_gnuplot("Figure::svg", terminal, script_of(*this, site), site);
}

void Figure::save(const std::filesystem::path& path, Site site) const {
  const std::string format = path.extension().string();
  if (format == ".png") return io::write_file(path, png(site), site);
  if (format == ".svg") return io::write_file(path, svg(site), site);
  if (format == ".gp") return io::write_file(path, script_of(*this, site), site);
  throw ValueError(
      fmt::format("Figure::save: '{}' ends with none of .png, .svg and .gp", path.string()), site);
}

std::string Figure::to_text(const TerminalOptions& options, Site site) const {
  check_within("Figure::to_text", "columns", options.columns, 20, 1000, site);
  check_within("Figure::to_text", "lines", options.lines, 5, 1000, site);
  if (!options.sixel.value_or(plotting::terminal_has_sixel()))
    return plotting::drawn_text(*this, options);
  const std::string terminal =
      fmt::format("sixelgd enhanced truecolor size {},{} font 'DejaVu Sans,10'", options_.width,
                  options_.height);
  return plotting::run_gnuplot("Figure::to_text", terminal, script_of(*this, site), site);
}

}  // namespace xgrad::viz
