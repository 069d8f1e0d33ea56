#include "figure/gnuplot_artists.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figure/gnuplot_text.hpp"

namespace xgrad::viz::plotting {
namespace {

int point_type(Marker marker) {
  switch (marker) {
    case Marker::square:
      return 5;
    case Marker::triangle:
      return 9;
    case Marker::diamond:
      return 13;
    case Marker::cross:
      return 2;
    case Marker::star:
      return 3;
    default:
      return 7;  // circle
  }
}
int dash_type(Dash dash) { return dash == Dash::solid ? 1 : dash == Dash::dashed ? 2 : 3; }
const char* name_of(Align align) {
  return align == Align::left ? "left" : align == Align::center ? "center" : "right";
}

std::string line_style(const LineOptions& o) {
  return fmt::format("dashtype {} linewidth {} linecolor rgb '{}'", dash_type(o.dash), o.width,
                     o.color);
}
std::string titled(const std::string& label) {
  return label.empty() ? "notitle" : fmt::format("title {}", gnuplot_string(label));
}

// The last image that numbers give the colours; one with a colorbar, if there is any.
const Image* image_with_palette(const AxesContent& axes) {
  const Image* found = nullptr;
  for (const Artist& artist : axes.artists)
    if (const auto* const image = std::get_if<Image>(&artist); image != nullptr && !image->is_rgb)
      if (found == nullptr || image->colorbar || !found->colorbar) found = image;
  return found;
}

// Collects the commands before the plot command, its parts, and the data that follow it.
//
// A plot has one palette, which gives its colorbar the colours.
class Plot {
 public:
  explicit Plot(const AxesContent& axes) : axes_(axes), with_palette_(image_with_palette(axes)) {
    for (const Artist& artist : axes.artists) std::visit(*this, artist);
  }

  void operator()(const Line& l) {
    if (!any_drawn(l.x, l.y)) return legend_only(l.options);
    const std::string points =
        l.options.marker == Marker::none
            ? ""
            : fmt::format("points pointtype {} pointsize {}", point_type(l.options.marker),
                          0.55 * l.options.marker_size);
    add(drawn(l.x, l.y), fmt::format("using 1:2 with lines{} {} {}", points, line_style(l.options),
                                     titled(l.options.label)));
  }
  void operator()(const Points& p) {
    if (!any_drawn(p.x, p.y))
      return legend_only({.label = p.options.label, .color = p.options.color});
    const int type = point_type(p.options.marker);
    if (!p.options.edge.empty())
      add(drawn(p.x, p.y), points(type, p.options.size * 0.75 + 0.2, p.options.edge, ""));
    add(drawn(p.x, p.y), points(type, p.options.size * 0.75, p.options.color, p.options.label));
  }
  void operator()(const Bars& b) {
    if (!any_drawn(b.x, b.heights))
      return legend_only({.label = b.options.label, .color = b.options.color});
    const std::vector<double> x = shown(b.x, axes_.x.scale), y = shown(b.heights, axes_.y.scale);
    const std::vector<double> widths(x.size(), b.options.width);
    add(table_of({&x, &y, &widths}),
        fmt::format(
            "using 1:2:3 with boxes fillstyle {}solid {:.3g} noborder linecolor rgb '{}' {}",
            b.options.opacity < 1 ? "transparent " : "", b.options.opacity, b.options.color,
            titled(b.options.label)));
  }
  void operator()(const Image& image) {
    if (image.rows * image.columns == 0) return;
    const Image i = halved_columns(halved_rows(image));
    if (i.is_rgb)
      add_rgb(i);
    else if (&image == with_palette_)
      add_mapped(i);
    else
      add_colored(i);
  }
  void operator()(const Contours& c) {
    if (c.levels.empty() || c.width <= 0 || !has_heights(c)) return;
    const std::string name = fmt::format("$contour{}", ++contours_);
    before_ += contour_table(name, c);
    add({name, ""}, fmt::format("using 1:2 with lines linewidth {} linecolor rgb '{}' notitle",
                                c.width, c.color));
  }
  void operator()(const Arrow& a) {
    before_ += fmt::format(
        "set arrow {} from {},{} to {},{} head filled size screen 0.012,18 front linewidth {} "
        "linecolor rgb '{}'\n",
        ++arrows_, gnuplot_number(a.x), gnuplot_number(a.y), gnuplot_number(a.to_x),
        gnuplot_number(a.to_y), a.options.width, a.options.color);
  }
  void operator()(const Text& t) {
    before_ += fmt::format(
        "set label {} {} at {},{} {} noenhanced front textcolor rgb '{}' font ',{:.3g}'\n",
        ++labels_, gnuplot_string(t.text), gnuplot_number(t.x), gnuplot_number(t.y),
        name_of(t.options.align), t.options.color, 10 * t.options.size);
  }
  // A line with two ends, since gnuplot forgets the dashes of some arrows in an SVG.
  void operator()(const Rule& r) {
    const Range across = r.horizontal ? range_of_x(axes_) : range_of_y(axes_);
    const Numbers ends{across.first, across.second}, at{r.at, r.at};
    (*this)(r.horizontal ? Line{ends, at, r.options} : Line{at, ends, r.options});
  }

  std::string commands() const {
    return fmt::format("{}plot {}\n{}", before_, parts_.empty() ? "NaN notitle" : parts_, data_);
  }

 private:
  std::vector<double> shown(const Numbers& values, Scale scale) const {
    std::vector<double> all;
    all.reserve(values.size());
    for (const double v : values) all.push_back(drawable(v, scale));
    return all;
  }
  bool any_drawn(const Numbers& x, const Numbers& y) const {
    for (std::size_t i = 0; i < x.size(); ++i)
      if (!std::isnan(drawable(x[i], axes_.x.scale) + drawable(y[i], axes_.y.scale))) return true;
    return false;
  }
  Table drawn(const Numbers& x, const Numbers& y) const {
    const std::vector<double> xs = shown(x, axes_.x.scale), ys = shown(y, axes_.y.scale);
    return table_of({&xs, &ys});
  }
  static std::string points(int type, double size, const std::string& color,
                            const std::string& label) {
    return fmt::format("using 1:2 with points pointtype {} pointsize {:.3g} linecolor rgb '{}' {}",
                       type, size, color, titled(label));
  }
  void add(const Table& table, const std::string& how) {
    if (!parts_.empty()) parts_ += ", ";
    parts_ += table.source + " " + how;
    data_ += table.data;
  }
  void legend_only(const LineOptions& o) {
    if (!o.label.empty()) add({"NaN", ""}, "with lines " + line_style(o) + " " + titled(o.label));
  }

  // gnuplot draws images of two rows and two columns at least: a single one becomes two halves.
  static Image halved_rows(Image i) {
    if (i.rows != 1) return i;
    i.rows = 2;
    i.dy /= 2;
    i.y -= i.dy / 2;
    const std::vector<double> row = i.values;
    i.values.insert(i.values.end(), row.begin(), row.end());
    return i;
  }
  static Image halved_columns(Image i) {
    if (i.columns != 1) return i;
    i.columns = 2;
    i.dx /= 2;
    i.x -= i.dx / 2;
    const std::size_t each = i.is_rgb ? 3 : 1;
    std::vector<double> twice;
    for (std::size_t k = 0; k < i.values.size(); k += each)
      for (const int half : {0, 1}) {
        static_cast<void>(half);
        for (std::size_t c = 0; c < each; ++c) twice.push_back(i.values[k + c]);
      }
    i.values = std::move(twice);
    return i;
  }
  static std::vector<double> centers(const Image& i, bool of_x) {
    std::vector<double> all;
    for (std::int64_t row = 0; row < i.rows; ++row)
      for (std::int64_t column = 0; column < i.columns; ++column)
        all.push_back(of_x ? i.x + i.dx * static_cast<double>(column)
                           : i.y + i.dy * static_cast<double>(row));
    return all;
  }
  void add_rgb(const Image& i) {
    std::vector<double> channels[3];
    for (std::size_t k = 0; k < i.values.size(); ++k) {
      const double v = std::isnan(i.values[k]) ? 1 : std::clamp(i.values[k], 0.0, 1.0);
      channels[k % 3].push_back(std::round(255 * v));
    }
    const std::vector<double> x = centers(i, true), y = centers(i, false);
    add(table_of({&x, &y, &channels[0], &channels[1], &channels[2]}),
        "using 1:2:3:4:5 with rgbimage notitle");
  }
  // An image in its own colours, for a plot whose palette belongs to another one. NaN are gaps.
  void add_colored(const Image& i) {
    std::vector<double> channels[4];
    for (const double v : i.values) {
      const Rgb c = std::isnan(v) ? Rgb{} : color_at(i.colors, share_of(v, i));
      const double shown[] = {255 * c.red, 255 * c.green, 255 * c.blue, std::isnan(v) ? 0. : 255.};
      for (std::size_t k = 0; k < 4; ++k) channels[k].push_back(std::round(shown[k]));
    }
    const std::vector<double> x = centers(i, true), y = centers(i, false);
    add(table_of({&x, &y, &channels[0], &channels[1], &channels[2], &channels[3]}),
        "using 1:2:3:4:5:6 with rgbalpha notitle");
  }
  // Where a value lies in the colour map. gnuplot gives the first and last interval of a filled
  // contour the colours at the ends.
  static double share_of(double value, const Image& i) {
    if (!i.levels.empty()) return value / static_cast<double>(i.levels.size());
    return (value - i.range.first) / (i.range.second - i.range.first);
  }
  void add_mapped(const Image& i) {
    before_ += palette(i);
    std::vector<double> values;
    for (const double v : i.values) values.push_back(drawable(v, Scale::linear));
    const std::vector<double> x = centers(i, true), y = centers(i, false);
    add(table_of({&x, &y, &values}), "using 1:2:3 with image notitle");
  }
  static std::string palette(const Image& i) {
    std::string stops;
    for (const char* color : colors_of(i.colors))
      stops += fmt::format("{}{} '{}'", stops.empty() ? "" : ", ",
                           std::count(stops.begin(), stops.end(), '#'), color);
    std::string all =
        fmt::format("set palette defined ({}){}\nset cbrange [{}:{}]\n", stops,
                    i.levels.empty() ? "" : fmt::format(" maxcolors {}", i.levels.size() + 1),
                    gnuplot_number(i.range.first), gnuplot_number(i.range.second));
    if (i.colorbar) all += "set colorbox noborder\nset format cb '%g'\n" + level_ticks(i);
    return all;
  }
  // The levels stand between the colours; at most eight get their number.
  static std::string level_ticks(const Image& i) {
    if (i.levels.empty()) return "";
    const std::size_t step = (i.levels.size() + 7) / 8;
    std::string all;
    for (std::size_t k = 0; k < i.levels.size(); k += step)
      all += fmt::format("{}'{:.3g}' {}", all.empty() ? "" : ", ", i.levels[k],
                         static_cast<double>(k) + 0.5);
    return fmt::format("set cbtics ({})\n", all);
  }
  // Otherwise gnuplot makes no table.
  static bool has_heights(const Contours& c) {
    return std::any_of(c.z.begin(), c.z.end(), [](double v) { return std::isfinite(v); });
  }
  static std::string contour_table(const std::string& name, const Contours& c) {
    std::string levels;
    for (const double level : c.levels)
      levels += fmt::format("{}{}", levels.empty() ? "" : ", ", gnuplot_number(level));
    std::vector<double> z;
    for (const double v : c.z) z.push_back(drawable(v, Scale::linear));
    const Table grid = grid_of(c.x.values(), c.y.values(), z);
    return fmt::format(
        "set contour base\nunset surface\nset cntrparam levels discrete {}\nset table {}\n"
        "splot {} using 1:2:3 notitle\n{}\nunset table\nunset contour\nset surface\n",
        levels, name, grid.source, grid.data);
  }

  const AxesContent& axes_;
  const Image* const with_palette_;
  int labels_ = 0, arrows_ = 0, contours_ = 0;
  std::string before_, parts_, data_;
};

}  // namespace

std::string artists_commands(const AxesContent& axes) { return Plot(axes).commands(); }

}  // namespace xgrad::viz::plotting
