#include <xgrad/viz/loss_curve.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::viz {
namespace {

Numbers steps_of(const Curve& curve, const LossCurveOptions& o) {
  std::vector<double> steps;
  for (std::size_t i = 0; i < curve.values.size(); ++i)
    steps.push_back(o.first + o.each * static_cast<double>(i));
  return steps;
}

}  // namespace

Figure loss_curve(const std::vector<Curve>& curves, const LossCurveOptions& options, Site site) {
  if (!std::isfinite(options.first) || !std::isfinite(options.each))
    throw ValueError(fmt::format("loss_curve: first is {} and each is {}; both must be finite",
                                 options.first, options.each),
                     site);
  Figure figure;
  Axes& axes = figure.axes();
  axes.set_title(options.title).set_xlabel(options.xlabel).set_ylabel(options.ylabel);
  axes.set_yscale(options.yscale);
  for (const Curve& curve : curves) {
    const Marker marker = curve.values.size() <= 30 ? Marker::circle : Marker::none;
    axes.plot(steps_of(curve, options), curve.values, {.label = curve.name, .marker = marker},
              site);
  }
  return figure;
}

}  // namespace xgrad::viz
