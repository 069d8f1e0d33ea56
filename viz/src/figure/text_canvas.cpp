#include "figure/text_canvas.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "utf8.hpp"

namespace xgrad::viz::plotting {
namespace {

// The dot at (x, y) of U+2800's cell.
constexpr unsigned dot_bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

double brightness(const std::optional<Rgb>& c) {
  return c ? 0.299 * c->red + 0.587 * c->green + 0.114 * c->blue : 0;
}
const char* shade(const std::optional<Rgb>& upper, const std::optional<Rgb>& lower) {
  static constexpr const char* shades[] = {" ", "░", "▒", "▓", "█"};
  const double mean = (brightness(upper) + brightness(lower)) / 2;
  return shades[std::clamp(static_cast<int>(mean * 5), 0, 4)];
}

std::string escape(int layer, const Rgb& c) {
  const auto byte = [](double v) { return static_cast<int>(255 * std::clamp(v, 0.0, 1.0) + 0.5); };
  return fmt::format("\x1b[{};2;{};{};{}m", layer, byte(c.red), byte(c.green), byte(c.blue));
}

}  // namespace

TextCanvas::Cell* TextCanvas::at(int column, int line) {
  if (column < 0 || column >= columns_ || line < 0 || line >= lines_) return nullptr;
  return &cells_[static_cast<std::size_t>(line * columns_ + column)];
}

void TextCanvas::put(int column, int line, std::string_view text, const std::optional<Rgb>& color) {
  while (!text.empty()) {
    const char32_t c = next_character(text);
    if (Cell* cell = at(column++, line)) {
      cell->glyph = is_control(c) ? " " : utf8(c);
      cell->ink = color;
    }
  }
}

void TextCanvas::dot(int x, int y, const Rgb& color) {
  if (x < 0 || y < 0) return;
  if (Cell* cell = at(x / 2, y / 4)) {
    cell->dots |= dot_bits[y % 4][x % 2];
    cell->ink = color;
  }
}

void TextCanvas::block(int column, int line, bool upper, const Rgb& color) {
  if (Cell* cell = at(column, line)) (upper ? cell->upper : cell->lower) = color;
}

std::string TextCanvas::glyph_of(const Cell& cell, bool color) {
  if (!cell.glyph.empty()) return cell.glyph;
  if (cell.dots != 0) return utf8(0x2800 | cell.dots);
  if (!cell.upper && !cell.lower) return " ";
  return color ? (cell.upper ? "▀" : "▄") : shade(cell.upper, cell.lower);
}

// Dots and text lie over blocks: of the two halves, the upper one is behind them.
std::string TextCanvas::colors_of(const Cell& cell) {
  const bool written = !cell.glyph.empty() || cell.dots != 0;
  const auto& front = written ? cell.ink : cell.upper ? cell.upper : cell.lower;
  const auto& back = written ? cell.upper : cell.upper ? cell.lower : cell.upper;
  return (front ? escape(38, *front) : "") + (back ? escape(48, *back) : "");
}

std::string TextCanvas::text(bool color) const {
  std::string all;
  for (int line = 0; line < lines_; ++line) {
    std::string row, before;
    for (int column = 0; column < columns_; ++column) {
      const Cell& cell = cells_[static_cast<std::size_t>(line * columns_ + column)];
      const std::string now = color ? colors_of(cell) : "";
      if (now != before) row += (before.empty() ? "" : "\x1b[0m") + now;
      before = now;
      row += glyph_of(cell, color);
    }
    if (!before.empty()) row += "\x1b[0m";
    row.erase(row.find_last_not_of(' ') + 1);
    all += row + "\n";
  }
  return all;
}

}  // namespace xgrad::viz::plotting
