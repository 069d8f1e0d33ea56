// svg_text.hpp: texts of an SVG file by Graphviz, placed for any font.
#pragma once

#include <string>

namespace xgrad::viz {

/// Graphviz writes where each line of a box begins, as measured with the fonts of its machine. This
/// anchors them to the middle of their boxes, where they stay with any font. The titles of frames
/// are moved above the arrows that cross them.
std::string legible_svg(const std::string& svg);

}  // namespace xgrad::viz
