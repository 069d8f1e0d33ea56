// svg_text.hpp: texts of an SVG file by Graphviz, centred for the reader's fonts.
#pragma once

#include <string>

namespace xgrad::viz {

/// Graphviz writes where each line of a box begins, as measured with the fonts of its machine. This
/// anchors them to the middle of their boxes, where they stay with any font.
std::string centred_text(const std::string& svg);

}  // namespace xgrad::viz
