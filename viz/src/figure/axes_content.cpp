#include "figure/axes_content.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace xgrad::viz::plotting {
namespace {

constexpr double largest = 1e300;  // gnuplot computes with sums of a few such

// The range of what is drawn along one axis, which grows.
class Extent {
 public:
  explicit Extent(const Axis& axis) : scale_(axis.scale) {}
  void add(double value) {
    value = drawable(value, scale_);
    if (std::isnan(value)) return;
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
  }
  void add(const Numbers& values) {
    for (const double v : values) add(v);
  }
  void no_margin() { tight_ = true; }
  Range range() const;

 private:
  Range on_lines() const;
  Range on_log() const;

  Scale scale_;
  bool tight_ = false;
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

Range Extent::on_lines() const {
  const double size = std::max(std::abs(low_), std::abs(high_)), width = high_ - low_;
  if (width <= 1e-9 * size || width < 1e-290) {  // all the same, as far as a picture can tell
    const double half = std::max({0.5 * size, std::abs(width), 1e-280});
    return {low_ - (size == 0 ? 0.5 : half), high_ + (size == 0 ? 0.5 : half)};
  }
  const double margin = tight_ ? 0 : 0.04 * width;
  return {low_ - margin, high_ + margin};
}

Range Extent::on_log() const {
  const double decades = std::log10(high_) - std::log10(low_);  // high / low could overflow
  if (decades < 0.005) return {low_ / 3, high_ * 3};
  const double margin = tight_ ? 1 : std::pow(10, 0.04 * decades);
  return {std::max(low_ / margin, 1e-320), std::min(high_ * margin, 1e305)};
}

Range Extent::range() const {
  if (low_ > high_) return scale_ == Scale::log ? Range{0.1, 10} : Range{0, 1};
  return scale_ == Scale::log ? on_log() : on_lines();
}

// Adds what each kind of artist covers.
struct Covering {
  Extent &x, &y;
  bool y_is_log;

  void operator()(const Line& l) { add(l.x, l.y); }
  void operator()(const Points& p) { add(p.x, p.y); }
  void operator()(const Bars& b) {
    for (std::size_t i = 0; i < b.x.size(); ++i) {
      x.add(b.x[i] - 0.5 * b.options.width);
      x.add(b.x[i] + 0.5 * b.options.width);
    }
    y.add(b.heights);
    if (!y_is_log) y.add(0);
  }
  void operator()(const Image& i) {
    edges(x, i.x, i.dx, i.columns);
    edges(y, i.y, i.dy, i.rows);
  }
  void operator()(const Contours& c) { add(c.x, c.y); }
  void operator()(const Arrow& a) {
    x.add(a.x), x.add(a.to_x);
    y.add(a.y), y.add(a.to_y);
  }
  void operator()(const Text&) {}
  void operator()(const Rule& r) { (r.horizontal ? y : x).add(r.at); }

 private:
  void add(const Numbers& xs, const Numbers& ys) {
    x.add(xs);
    y.add(ys);
  }
  static void edges(Extent& extent, double first, double step, std::int64_t n) {
    if (n == 0) return;
    extent.add(first - 0.5 * step);
    extent.add(first + step * (static_cast<double>(n) - 0.5));
    extent.no_margin();
  }
};

std::pair<Range, Range> ranges(const AxesContent& axes) {
  Extent x(axes.x), y(axes.y);
  Covering covering{x, y, axes.y.scale == Scale::log};
  for (const Artist& artist : axes.artists) std::visit(covering, artist);
  return {axes.x.limits.value_or(x.range()), axes.y.limits.value_or(y.range())};
}

// Limits that a log axis cannot have become the nearest that it can.
Range fitting(Range range, Scale scale) {
  if (scale == Scale::linear || (range.first > 0 && range.second > 0)) return range;
  const double high = std::max(range.first, range.second);
  return high > 0 ? Range{high * 1e-6, high} : Range{0.1, 10};
}

}  // namespace

double drawable(double value, Scale scale) noexcept {
  const bool shown = std::abs(value) <= largest && (scale == Scale::linear || value > 0);
  return shown ? value : std::numeric_limits<double>::quiet_NaN();
}

Range range_of_x(const AxesContent& axes) { return fitting(ranges(axes).first, axes.x.scale); }
Range range_of_y(const AxesContent& axes) { return fitting(ranges(axes).second, axes.y.scale); }

}  // namespace xgrad::viz::plotting
