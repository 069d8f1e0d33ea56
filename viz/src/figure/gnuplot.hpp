// gnuplot.hpp: runs gnuplot on the commands of figures.
#pragma once

#include <string>

#include <xgrad/graph/site.hpp>

namespace xgrad::viz::plotting {

/// The output of gnuplot for a terminal and the commands that draw in it.
/// @throws IoError  if gnuplot is not installed, refuses a command, or writes nothing.
std::string run_gnuplot(const char* caller, const std::string& terminal,
                        const std::string& commands, Site site);

}  // namespace xgrad::viz::plotting
