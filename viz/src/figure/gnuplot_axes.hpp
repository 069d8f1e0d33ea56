// gnuplot_axes.hpp: one Axes as commands of gnuplot.
#pragma once

#include <string>

#include "figure/axes_content.hpp"

namespace xgrad::viz::plotting {

/// The commands that draw one plot, about `width` points wide.
/// @throws ValueError  for an image on a logarithmic axis.
std::string commands_of(const AxesContent& axes, double width, Site site);

}  // namespace xgrad::viz::plotting
