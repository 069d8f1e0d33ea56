#include <xgrad/viz/colors.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace xgrad::viz {
namespace {

constexpr std::array curve_colors = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                     "#e69f00", "#56b4e9", "#000000", "#f0e442"};
constexpr std::array viridis = {"#440154", "#482878", "#3e4989", "#31688e", "#26828e",
                                "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"};
constexpr std::array gray = {"#000000", "#ffffff"};
constexpr std::array coolwarm = {"#3b4cc0", "#688aef", "#99baff", "#c9d8ef", "#dddddd",
                                 "#edd1c2", "#f7a889", "#e26952", "#b40426"};

double channel(const std::string& color, std::size_t at) {
  int value = 0;
  if (color.size() == 7) std::from_chars(color.data() + at, color.data() + at + 2, value, 16);
  return value / 255.0;
}

}  // namespace

std::string color_of_curve(std::size_t i) { return curve_colors[i % curve_colors.size()]; }

std::span<const char* const> colors_of(ColorMap map) {
  switch (map) {
    case ColorMap::viridis:
      return viridis;
    case ColorMap::gray:
      return gray;
    case ColorMap::coolwarm:
      break;
  }
  return coolwarm;
}

Rgb rgb_of(const std::string& color) {
  return {channel(color, 1), channel(color, 3), channel(color, 5)};
}

Rgb color_at(ColorMap map, double share) {
  const auto stops = colors_of(map);
  const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(stops.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(at), stops.size() - 2);
  const double mix = at - static_cast<double>(below);
  const Rgb a = rgb_of(stops[below]), b = rgb_of(stops[below + 1]);
  const auto between = [mix](double low, double high) { return low + mix * (high - low); };
  return {between(a.red, b.red), between(a.green, b.green), between(a.blue, b.blue)};
}

}  // namespace xgrad::viz
