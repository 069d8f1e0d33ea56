#include "terminal.hpp"

#include <algorithm>

#include <fmt/format.h>

std::vector<std::string> drawn_digit(const float* pixels) {
  static constexpr const char* shades[] = {" ", "░", "▒", "▓", "█"};
  std::vector<std::string> lines;
  for (int row = 0; row < 28; row += 2) {
    std::string line;
    for (int column = 0; column < 28; ++column) {
      const float grey = (pixels[row * 28 + column] + pixels[(row + 1) * 28 + column]) / 2;
      line += shades[std::clamp(static_cast<int>(grey * 4.99F), 0, 4)];
    }
    lines.push_back(line);
  }
  return lines;
}

std::string side_by_side(const std::vector<std::vector<std::string>>& blocks, int width) {
  std::string text;
  for (std::size_t line = 0; line < blocks.front().size(); ++line) {
    for (const auto& block : blocks) text += fmt::format("{:<{}}", block[line], width);
    text += '\n';
  }
  return text;
}
