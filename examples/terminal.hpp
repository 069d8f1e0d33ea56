// terminal.hpp: what the mnist example shows in a terminal.
#pragma once

#include <string>
#include <vector>

/// 28 x 28 grey values in [0, 1] as 14 lines of text, two rows to a line.
std::vector<std::string> drawn_digit(const float* pixels);

/// Blocks of lines, side by side.
std::string side_by_side(const std::vector<std::vector<std::string>>& blocks, int width);
