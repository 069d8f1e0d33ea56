// terminal.hpp: figures as text, without gnuplot.
#pragma once

#include <string>

#include <xgrad/viz/figure.hpp>

namespace xgrad::viz::plotting {

/// Whether the environment tells of a terminal that shows sixel graphics: XGRAD_SIXEL is 1, or TERM
/// or TERM_PROGRAM is that of a terminal known to.
bool terminal_has_sixel();

/// The figure in Braille dots and blocks.
std::string drawn_text(const Figure& figure, const TerminalOptions& options);

}  // namespace xgrad::viz::plotting
