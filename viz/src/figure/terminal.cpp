#include "figure/terminal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "figure/axes_content.hpp"
#include "figure/text_canvas.hpp"
#include "utf8.hpp"

namespace xgrad::viz::plotting {
namespace {

// In cells of the terminal.
int width_of(std::string_view text) { return static_cast<int>(count_characters(text)); }

// Numbers to positions 0 to n - 1 along an axis.
class Projection {
 public:
  Projection(const Axis& axis, Range range, int n) : scale_(axis.scale), range_(range), n_(n) {}
  // In dots, not rounded; NaN for what is not drawn.
  double operator()(double value) const {
    value = drawable(value, scale_);
    const double low = mapped(range_.first), high = mapped(range_.second);
    return (mapped(value) - low) / (high - low) * (n_ - 1);
  }
  double middle() const {
    return scale_ == Scale::log ? std::sqrt(range_.first) * std::sqrt(range_.second)
                                : 0.5 * range_.first + 0.5 * range_.second;
  }
  const Range& range() const noexcept { return range_; }
  int size() const noexcept { return n_; }

 private:
  double mapped(double v) const { return scale_ == Scale::log ? std::log10(v) : v; }
  Scale scale_;
  Range range_;
  int n_;
};

// The part of the plot within a frame of cells; x and y in numbers of the axes.
class Plot {
 public:
  Plot(TextCanvas& canvas, int left, int top, int columns, int lines, const AxesContent& axes)
      : canvas_(canvas),
        left_(left),
        top_(top),
        columns_(columns),
        lines_(lines),
        x_(axes.x, range_of_x(axes), 2 * columns),
        y_(axes.y, range_of_y(axes), 4 * lines) {}

  void operator()(const Line& l) { path(l.x, l.y, rgb_of(l.options.color)); }
  void operator()(const Points& p) {
    for (std::size_t i = 0; i < p.x.size(); ++i)
      for (int k = 0; k < 4; ++k)  // four dots, to be seen beside lines
        dot(x_(p.x[i]) + k % 2, up(p.y[i]) + k / 2, rgb_of(p.options.color));
  }
  void operator()(const Bars& b) {
    for (std::size_t i = 0; i < b.x.size(); ++i) bar(b, i);
  }
  void operator()(const Image& image) {
    has_image_ = true;
    for (int line = 0; line < lines_; ++line)
      for (int column = 0; column < columns_; ++column)
        for (const bool upper : {true, false}) block(image, column, line, upper);
  }
  void operator()(const Contours& c) {
    if (has_image_) return;  // lines and areas of so few cells hide each other
    for (std::size_t row = 0; row < c.y.size(); ++row)
      for (std::size_t column = 0; column < c.x.size(); ++column) {
        if (column + 1 < c.x.size()) crossings(c, row, column, 0, 1);
        if (row + 1 < c.y.size()) crossings(c, row, column, 1, 0);
      }
  }
  void operator()(const Arrow& a) { path({a.x, a.to_x}, {a.y, a.to_y}, rgb_of(a.options.color)); }
  void operator()(const Text& t) {
    const double column = x_(t.x) / 2, line = up(t.y) / 4;
    if (!(column >= 0 && column < columns_ && line >= 0 && line < lines_)) return;
    const int back = t.options.align == Align::left ? 0 : width_of(t.text);
    const int shift = t.options.align == Align::center ? back / 2 : back;
    canvas_.put(left_ + static_cast<int>(column) - shift, top_ + static_cast<int>(line), t.text,
                rgb_of(t.options.color));
  }
  void operator()(const Rule& r) {
    const auto color = rgb_of(r.options.color);
    const double at = r.horizontal ? up(r.at) : x_(r.at);
    for (int i = 0; i < (r.horizontal ? x_.size() : y_.size()); i += 2)
      r.horizontal ? dot(i, at, color) : dot(at, i, color);
  }

  const Projection& x() const noexcept { return x_; }
  const Projection& y() const noexcept { return y_; }

 private:
  double up(double value) const { return y_.size() - 1 - y_(value); }
  void dot(double x, double y, const Rgb& color) {
    if (!(x >= -0.5 && x < x_.size() - 0.5 && y >= -0.5 && y < y_.size() - 0.5)) return;
    canvas_.dot(2 * left_ + static_cast<int>(std::lround(x)),
                4 * top_ + static_cast<int>(std::lround(y)), color);
  }
  void path(const Numbers& xs, const Numbers& ys, const Rgb& color) {
    for (std::size_t i = 0; i < xs.size(); ++i) {
      const double x = x_(xs[i]), y = up(ys[i]);
      dot(x, y, color);
      if (i > 0) segment(x_(xs[i - 1]), up(ys[i - 1]), x, y, color);
    }
  }
  // Only the part of it that lies in the plot, however far its ends are.
  void segment(double x0, double y0, double x1, double y1, const Rgb& color) {
    if (!clip(x0, y0, x1, y1, x_.size()) || !clip(y0, x0, y1, x1, y_.size())) return;
    const int steps =
        std::max(1, static_cast<int>(std::ceil(std::max(std::abs(x1 - x0), std::abs(y1 - y0)))));
    for (int i = 0; i <= steps; ++i) {
      const double t = static_cast<double>(i) / steps;
      dot(x0 + t * (x1 - x0), y0 + t * (y1 - y0), color);
    }
  }
  // Moves the ends of a segment to where `a` is from 0 to n. False if it is nowhere, or not known.
  static bool clip(double& a0, double& b0, double& a1, double& b1, double n) {
    if (std::isnan(a0 + b0 + a1 + b1)) return false;
    if (std::max(a0, a1) < 0 || std::min(a0, a1) > n) return false;
    const double start = a0, before = b0, slope = (b1 - b0) / (a1 - a0);
    const auto to = [&](double& a, double& b) {
      if (a >= 0 && a <= n) return;
      a = std::clamp(a, 0.0, n);
      b = before + (a - start) * slope;
    };
    to(a1, b1);
    to(a0, b0);
    return true;
  }
  void bar(const Bars& b, std::size_t i) {
    const double half = 0.5 * b.options.width, x = x_(b.x[i] - half), end = x_(b.x[i] + half);
    const double top = up(b.heights[i]), zero = up(0), floor = std::isnan(zero) ? y_.size() : zero;
    if (std::isnan(top)) return;
    const double low = std::min<double>(std::max(floor, top), y_.size());
    for (double at = std::max(0.0, std::ceil(x)); at <= std::min<double>(end, x_.size()); ++at)
      for (double y = std::max(0.0, std::min(floor, top)); y <= low; ++y)
        dot(at, y, rgb_of(b.options.color));
  }
  void block(const Image& image, int column, int line, bool upper) {
    const double across = (column + 0.5) / columns_, down = (line + (upper ? 0.25 : 0.75)) / lines_;
    const auto [x0, x1] = x_.range();
    const auto [y0, y1] = y_.range();
    const auto i = std::lround((x0 + across * (x1 - x0) - image.x) / image.dx);
    const auto k = std::lround((y1 - down * (y1 - y0) - image.y) / image.dy);
    if (i < 0 || i >= image.columns || k < 0 || k >= image.rows) return;
    const auto cell = static_cast<std::size_t>(k * image.columns + i);
    if (image.is_rgb)
      return canvas_.block(
          left_ + column, top_ + line, upper,
          {image.values[3 * cell], image.values[3 * cell + 1], image.values[3 * cell + 2]});
    const double value = image.values[cell];
    if (std::isnan(value)) return;
    const double share = (value - image.range.first) / (image.range.second - image.range.first);
    canvas_.block(left_ + column, top_ + line, upper, color_at(image.colors, share));
  }
  // Where the levels are between a point of the grid and its neighbour.
  void crossings(const Contours& c, std::size_t row, std::size_t column, std::size_t down,
                 std::size_t right) {
    const double here = c.z[row * c.x.size() + column];
    const double there = c.z[(row + down) * c.x.size() + column + right];
    for (const double level : c.levels) {
      if ((here < level) == (there < level) || !std::isfinite(here + there)) continue;
      const double share = (level - here) / (there - here);
      const double x = c.x[column] + share * (c.x[column + right] - c.x[column]);
      const double y = c.y[row] + share * (c.y[row + down] - c.y[row]);
      dot(x_(x), up(y), rgb_of(c.color));
    }
  }

  TextCanvas& canvas_;
  int left_, top_, columns_, lines_;
  Projection x_, y_;
  bool has_image_ = false;
};

std::string number(double v) { return fmt::format("{:.3g}", v); }
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

struct LegendEntry {
  std::string label, color;
};
std::vector<LegendEntry> legend_of(const AxesContent& axes) {
  std::vector<LegendEntry> entries;
  for (const Artist& artist : axes.artists)
    std::visit(
        [&](const auto& a) {
          if constexpr (requires { a.options.label; })
            if (!a.options.label.empty()) entries.push_back({a.options.label, a.options.color});
        },
        artist);
  return entries;
}

// Title, plot, the axis of x with its numbers, and the legend, one below the other.
class TextAxes {
 public:
  TextAxes(TextCanvas& canvas, int left, int top, int columns, int lines, const AxesContent& axes)
      : canvas_(canvas),
        left_(left),
        top_(top + 1),
        columns_(columns - margin - 1),
        lines_(lines - 4),
        axes_(axes),
        plot_(canvas, left + margin, top_, columns_, lines_, axes) {}

  void draw() {
    for (const Artist& artist : axes_.artists) std::visit(plot_, artist);
    const std::string title = first_line(axes_.title);
    canvas_.put(left_ + margin + (columns_ - width_of(title)) / 2, top_ - 1, title);
    if (!axes_.off) frame();
    legend();
  }

 private:
  static constexpr int margin = 9;  // for the numbers of y

  void frame() {
    for (int line = 0; line < lines_; ++line) canvas_.put(left_ + margin - 1, top_ + line, "│");
    canvas_.put(left_ + margin - 1, top_ + lines_, "└");
    for (int i = 0; i < columns_; ++i) canvas_.put(left_ + margin + i, top_ + lines_, "─");
    const Projection &x = plot_.x(), &y = plot_.y();
    y_number(0, y.range().second);
    y_number(lines_ / 2, y.middle());
    y_number(lines_ - 1, y.range().first);
    if (axes_.x.named) return names();
    const std::string right = number(x.range().second), middle = number(x.middle());
    const int line = top_ + lines_ + 1;
    canvas_.put(left_ + margin, line, number(x.range().first));
    canvas_.put(left_ + margin + (columns_ - width_of(middle)) / 2, line, middle);
    canvas_.put(left_ + margin + columns_ - width_of(right), line, right);
  }
  void y_number(int line, double value) {
    const std::string text = number(value);
    canvas_.put(left_ + margin - 1 - width_of(text), top_ + line, text);
  }
  void names() {
    int free = left_;
    for (const auto& [at, name] : axes_.x.ticks) {
      const double column = plot_.x()(at) / 2;
      if (!(column >= 0 && column < columns_)) continue;
      const int start = left_ + margin + static_cast<int>(column) - width_of(name) / 2;
      if (start < free) continue;
      canvas_.put(start, top_ + lines_ + 1, name);
      free = start + width_of(name) + 1;
    }
  }
  void legend() {
    const std::string x = first_line(axes_.x.label), y = first_line(axes_.y.label);
    const std::string about = x.empty() ? y : y.empty() ? x : fmt::format("{} over {}", y, x);
    int column = left_ + margin;
    const int line = top_ + lines_ + 2, end = left_ + margin + columns_;
    for (const auto& [label, color] : legend_of(axes_)) {
      if (column + width_of(label) + 2 > end) break;
      canvas_.put(column, line, "●", rgb_of(color));
      canvas_.put(column + 2, line, label);
      column += width_of(label) + 4;
    }
    if (column + width_of(about) <= end) canvas_.put(end - width_of(about), line, about);
  }

  TextCanvas& canvas_;
  int left_, top_, columns_, lines_;
  const AxesContent& axes_;
  Plot plot_;
};

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

bool terminal_has_sixel() {
  static constexpr std::array terms = {"foot", "mlterm", "contour", "yaft-256color"};
  static constexpr std::array programs = {"WezTerm", "mintty", "iTerm.app"};
  const std::string_view asked = variable("XGRAD_SIXEL"), term = variable("TERM");
  if (!asked.empty()) return asked == "1";
  return term.find("sixel") != std::string_view::npos ||
         std::find(terms.begin(), terms.end(), term) != terms.end() ||
         std::find(programs.begin(), programs.end(), variable("TERM_PROGRAM")) != programs.end();
}

std::string drawn_text(const Figure& figure, const TerminalOptions& options) {
  const int width = std::max(20, options.columns / figure.columns());
  const int title = figure.options().title.empty() ? 0 : 1;
  TextCanvas canvas(width * figure.columns(), options.lines * figure.rows() + title);
  canvas.put(0, 0, first_line(figure.options().title));
  for (int row = 0; row < figure.rows(); ++row)
    for (int column = 0; column < figure.columns(); ++column)
      TextAxes(canvas, column * width, title + row * options.lines, width, options.lines,
               figure.axes(row, column).content())
          .draw();
  return canvas.text(options.color);
}

}  // namespace xgrad::viz::plotting
