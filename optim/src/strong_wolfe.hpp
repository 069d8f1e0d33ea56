// strong_wolfe.hpp: how far to go along a direction.
#pragma once

#include <cstdint>
#include <functional>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::optim::detail {

/// A point on a line.
struct LinePoint {
  double t;         // how far along
  double loss;      // the value there
  Tensor gradient;  // by all parameters
  double slope;     // along the line
};

/// Looks for a point that fulfils the strong Wolfe conditions, with c1 = 1e-4 and c2 = 0.9: the
/// loss fell enough, and the slope is flat enough. First it goes on until a bracket holds one, then
/// it narrows the bracket, by cubic interpolation in both. Gives the best point after 25 steps, or
/// when elements change by less than 1e-9; if nothing is finite, the start.
///
/// @param at         computes a point.
/// @param start      where t = 0; its slope is negative.
/// @param first      the t to begin with.
/// @param direction  the largest absolute value in the direction.
LinePoint strong_wolfe(const std::function<LinePoint(double t)>& at, const LinePoint& start,
                       double first, double direction);

}  // namespace xgrad::optim::detail
