// colors.hpp: the colours of pictures, which readers with any kind of colour vision can tell apart.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace xgrad::viz {

/// The eight colours of Okabe and Ito (2008), as "#rrggbb": blue, vermilion, green, purple, orange,
/// sky blue, black, yellow. Curves get them in this order; the ninth starts again.
std::string color_of_curve(std::size_t i);

/// How numbers become colours.
enum class ColorMap {
  viridis,   ///< dark blue over green to yellow; for quantities
  gray,      ///< black to white; for images
  coolwarm,  ///< blue over light grey to red; for values around a middle
};

/// The colours of a map, at equal distances from its low end to its high end, as "#rrggbb".
std::span<const char* const> colors_of(ColorMap map);

/// Red, green and blue, each from 0 to 1.
struct Rgb {
  double red = 0, green = 0, blue = 0;
};
/// The colour of a map at `share`, from 0 (low) to 1 (high); values beyond are clamped.
Rgb color_at(ColorMap map, double share);
/// Reads "#rrggbb"; black for anything else.
Rgb rgb_of(const std::string& color);

}  // namespace xgrad::viz
