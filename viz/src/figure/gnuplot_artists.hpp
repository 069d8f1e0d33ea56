// gnuplot_artists.hpp: what is drawn in an Axes, as commands of gnuplot.
#pragma once

#include <string>

#include "figure/axes_content.hpp"

namespace xgrad::viz::plotting {

/// Labels, arrows and one plot command with its data, for axes that have been set up.
std::string artists_commands(const AxesContent& axes);

}  // namespace xgrad::viz::plotting
