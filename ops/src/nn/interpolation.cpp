#include <xgrad/ops/interpolation.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/ops/pooling.hpp>

#include "checks.hpp"
#include "nn/banded_map.hpp"

namespace xgrad {
namespace {

using detail::Taps;

enum class Kind { nearest, nearest_exact, linear, cubic };

// How one axis is resampled: the distance of results, in elements of x.
struct AxisPlan {
  std::int64_t from, to;
  double scale;
  bool align_corners;
  // The place of result i.
  double place(std::int64_t i) const {
    const auto at = static_cast<double>(i);
    return align_corners ? at * scale : (at + 0.5) * scale - 0.5;
  }
  // The last element that lies not behind a place.
  std::int64_t inside(double at) const {
    return static_cast<std::int64_t>(std::min(at, static_cast<double>(from - 1)));
  }
};

// Keys' cubic (1981) at a distance; a is -0.75, or -0.5 against aliasing.
double cubic(double distance, double a) {
  const double d = std::abs(distance);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
}

Taps nearest_taps(const AxisPlan& p, bool exact) {
  Taps taps(p.from, 1);
  for (std::int64_t i = 0; i < p.to; ++i) {
    const double at = (static_cast<double>(i) + (exact ? 0.5 : 0)) * p.scale;
    taps.add_window(p.inside(at), 1, 1);
  }
  return taps;
}
Taps linear_taps(const AxisPlan& p) {
  Taps taps(p.from, 2);
  for (std::int64_t i = 0; i < p.to; ++i) {
    const double at = std::max(0.0, p.place(i));
    const std::int64_t below = p.inside(at);
    const double rest = std::min(at - static_cast<double>(below), 1.0);
    taps.at.insert(taps.at.end(), {below, std::min(below + 1, p.from - 1)});
    taps.weight.insert(taps.weight.end(), {1 - rest, rest});
  }
  return taps;
}
Taps cubic_taps(const AxisPlan& p) {
  Taps taps(p.from, 4);
  for (std::int64_t i = 0; i < p.to; ++i) {
    const double at = p.place(i), below = std::floor(at);
    for (int t = -1; t <= 2; ++t) {
      taps.at.push_back(
          std::clamp<std::int64_t>(static_cast<std::int64_t>(below) + t, 0, p.from - 1));
      taps.weight.push_back(cubic(at - below - t, -0.75));
    }
  }
  return taps;
}
// Filters as wide as the results lie apart, as Pillow's.
Taps smooth_taps(const AxisPlan& p, Kind kind) {
  const double wide = std::max(1.0, p.scale), reach = (kind == Kind::linear ? 1 : 2) * wide;
  Taps taps(p.from, 2 * static_cast<std::int64_t>(std::ceil(reach)) + 1);
  for (std::int64_t i = 0; i < p.to; ++i) {
    const double middle = p.scale * (static_cast<double>(i) + 0.5);
    const auto first = std::max<std::int64_t>(0, static_cast<std::int64_t>(middle - reach + 0.5)),
               last = std::min(p.from, static_cast<std::int64_t>(middle + reach + 0.5));
    detail::ScratchVector<double> weights;
    double total = 0;
    for (std::int64_t k = first; k < last; ++k) {
      const double d = (static_cast<double>(k) - middle + 0.5) / wide;
      weights.push_back(kind == Kind::linear ? std::max(0.0, 1 - std::abs(d)) : cubic(d, -0.5));
      total += weights.back();
    }
    taps.add_window(first, last - first, 0);
    std::transform(weights.begin(), weights.end(), taps.weight.end() - taps.taps,
                   [total](double w) { return total == 0 ? w : w / total; });
  }
  return taps;
}

Taps taps_of(const AxisPlan& p, Kind kind, bool antialias) {
  if (antialias) return smooth_taps(p, kind);
  switch (kind) {
    case Kind::nearest:
      return nearest_taps(p, false);
    case Kind::nearest_exact:
      return nearest_taps(p, true);
    case Kind::linear:
      return linear_taps(p);
    case Kind::cubic:
      break;
  }
  return cubic_taps(p);
}

void check_axes(const Operand& x, std::string_view mode, int axes) {
  const int wanted = mode == "linear"                          ? 1
                     : mode == "bilinear" || mode == "bicubic" ? 2
                     : mode == "trilinear"                     ? 3
                                                               : axes;
  if (axes < 1 || axes > 3 || axes != wanted)
    throw ShapeError(fmt::format(
        "interpolate: the input is {} for mode '{}'; it must be (N, C, ...) with {} spatial dims",
        describe(x), mode, wanted == axes ? "1, 2 or 3" : fmt::format("{}", wanted)));
  detail::check_floating("interpolate", x);
}
Kind kind_of(const InterpolateOptions& o) {
  const bool is_nearest = o.mode == "nearest" || o.mode == "nearest-exact";
  if (is_nearest && (o.align_corners || o.antialias))
    throw ValueError(
        "interpolate: align_corners and antialias do not apply to the modes 'nearest' and "
        "'nearest-exact'");
  if (o.antialias && o.mode != "bilinear" && o.mode != "bicubic")
    throw ValueError(fmt::format(
        "interpolate: mode is '{}'; antialias requires 'bilinear' or 'bicubic'", o.mode));
  if (is_nearest) return o.mode == "nearest" ? Kind::nearest : Kind::nearest_exact;
  if (o.mode == "linear" || o.mode == "bilinear" || o.mode == "trilinear") return Kind::linear;
  if (o.mode == "bicubic") return Kind::cubic;
  throw ValueError(
      fmt::format("interpolate: mode is '{}'; it must be 'nearest', 'nearest-exact', 'linear', "
                  "'bilinear', 'bicubic', 'trilinear' or 'area'",
                  o.mode));
}

std::int64_t scaled(const Operand& x, int axis, double factor) {
  const double size = std::floor(static_cast<double>(x.shape()[axis]) * factor);
  if (!(size < 0x1p62 && size > -0x1p62))
    throw ValueError(
        fmt::format("interpolate: scale_factor is {}; the scaled size of dim {} of {} must be a "
                    "number that int64 can hold",
                    factor, axis, describe(x)));
  return static_cast<std::int64_t>(size);
}

std::vector<std::int64_t> sizes_of(const Operand& x, int axes, const InterpolateOptions& o) {
  if (o.size.given() == o.scale_factor.given())
    throw ValueError("interpolate: pass either size or scale_factor, not both");
  std::vector<std::int64_t> sizes;
  if (o.size.given()) {
    sizes = o.size.along("interpolate", "size", axes);
  } else {
    const auto factors = o.scale_factor.along("interpolate", "scale_factor", axes);
    for (int i = 0; i < axes; ++i)
      sizes.push_back(scaled(x, 2 + i, factors[static_cast<std::size_t>(i)]));
  }
  for (int i = 0; i < axes; ++i)
    if (sizes[static_cast<std::size_t>(i)] < 1 || x.shape()[2 + i] < 1)
      throw ValueError(fmt::format(
          "interpolate: cannot resize {} to size {} along dim {}; both sizes must be at least 1",
          describe(x), sizes[static_cast<std::size_t>(i)], 2 + i));
  return sizes;
}

double scale_of(const InterpolateOptions& o, int i, int axes, std::int64_t from, std::int64_t to) {
  if (o.align_corners)
    return to > 1 ? static_cast<double>(from - 1) / static_cast<double>(to - 1) : 0;
  if (o.scale_factor.given() && !o.recompute_scale_factor)
    return 1 /
           o.scale_factor.along("interpolate", "scale_factor", axes)[static_cast<std::size_t>(i)];
  return static_cast<double>(from) / static_cast<double>(to);
}

}  // namespace

Tensor interpolate(Operand x, const InterpolateOptions& o) {
  const OpScope scope("interpolate", x);
  const int axes = x.shape().dim() - 2;
  check_axes(x, o.mode, axes);
  const std::vector<std::int64_t> sizes = sizes_of(x, axes, o);
  if (o.mode == "area")
    return axes == 1   ? adaptive_avg_pool1d(x, sizes)
           : axes == 2 ? adaptive_avg_pool2d(x, sizes)
                       : adaptive_avg_pool3d(x, sizes);
  const Kind kind = kind_of(o);
  return detail::resample("interpolate", x, 2, sizes, [&](int i) {
    const std::int64_t from = x.shape()[2 + i], to = sizes[static_cast<std::size_t>(i)];
    return taps_of({from, to, scale_of(o, i, axes, from, to), o.align_corners}, kind, o.antialias);
  });
}

}  // namespace xgrad
