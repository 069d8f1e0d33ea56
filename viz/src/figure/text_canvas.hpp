// text_canvas.hpp: a drawing of characters: text, Braille dots and blocks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <xgrad/viz/colors.hpp>

namespace xgrad::viz::plotting {

/// Lines of character cells. What lies outside is not drawn.
class TextCanvas {
 public:
  TextCanvas(int columns, int lines)
      : columns_(columns), lines_(lines), cells_(static_cast<std::size_t>(columns * lines)) {}

  int columns() const noexcept { return columns_; }
  int lines() const noexcept { return lines_; }

  /// Text from a cell to the right, one character to a cell. No escape sequence gets through.
  void put(int column, int line, std::string_view text, const std::optional<Rgb>& color = {});
  /// One dot of a grid with two dots to a column and four to a line.
  void dot(int x, int y, const Rgb& color);
  /// The upper or lower half of a cell. Without colors, the darkness of the whole cell.
  void block(int column, int line, bool upper, const Rgb& color);

  /// The lines with line breaks. Colors are escape sequences.
  std::string text(bool color) const;

 private:
  struct Cell {
    unsigned dots = 0;
    std::string glyph = {};
    std::optional<Rgb> ink = {}, upper = {}, lower = {};
  };
  Cell* at(int column, int line);
  static std::string glyph_of(const Cell& cell, bool color);
  static std::string colors_of(const Cell& cell);

  int columns_, lines_;
  std::vector<Cell> cells_;
};

}  // namespace xgrad::viz::plotting
