// terminal.hpp: what the mnist example shows in a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// A progress line with the share that is done, the speed and the time that is left. If stdout is
/// not a terminal, only the final text is printed.
class Progress {
 public:
  Progress(std::string label, std::int64_t samples);
  void add(std::int64_t samples);
  /// Replaces the line with the final text and the mean speed.
  void finish(const std::string& text);

 private:
  double seconds() const;
  std::string label_;
  std::int64_t total_, done_ = 0;
  bool terminal_;
  std::chrono::steady_clock::time_point start_, shown_;
};

/// 28 x 28 grey values in [0, 1] as 14 lines of text, two rows to a line.
std::vector<std::string> drawn_digit(const float* pixels);

/// Blocks of lines, side by side.
std::string side_by_side(const std::vector<std::vector<std::string>>& blocks, int width);

/// Rows are true classes, columns are predicted classes.
std::string confusion_table(const std::vector<std::vector<std::int64_t>>& counts);
