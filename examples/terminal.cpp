#include "terminal.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

using Clock = std::chrono::steady_clock;

Progress::Progress(std::string label, std::int64_t samples)
    : label_(std::move(label)),
      total_(samples),
      terminal_(isatty(fileno(stdout)) != 0),
      start_(Clock::now()),
      shown_(start_) {}

double Progress::seconds() const {
  return std::max(1e-9, std::chrono::duration<double>(Clock::now() - start_).count());
}

void Progress::add(std::int64_t samples) {
  done_ += samples;
  if (!terminal_ || Clock::now() - shown_ < std::chrono::milliseconds(50)) return;
  shown_ = Clock::now();
  const double share = static_cast<double>(done_) / static_cast<double>(total_);
  const double rate = static_cast<double>(done_) / seconds();
  const auto filled = static_cast<std::size_t>(30 * share);
  fmt::print("\r{} [{:<30}] {:3.0f} % {:8.0f} samples/s, {:3.0f} s left ", label_,
             std::string(filled, '#'), 100 * share, rate,
             static_cast<double>(total_ - done_) / rate);
  std::fflush(stdout);
}

void Progress::finish(const std::string& text) {
  const double rate = static_cast<double>(done_) / seconds();
  fmt::print("{}{} {} ({:.0f} samples/s){}\n", terminal_ ? "\r" : "", label_, text, rate,
             terminal_ ? std::string(30, ' ') : "");
  std::fflush(stdout);
}

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

std::string confusion_table(const std::vector<std::vector<std::int64_t>>& counts) {
  std::string text = fmt::format("{:>10}", "predicted");
  for (std::size_t c = 0; c < counts.size(); ++c) text += fmt::format("{:6}", c);
  text += "   right\n";
  for (std::size_t t = 0; t < counts.size(); ++t) {
    std::int64_t all = 0;
    text += fmt::format("{:>9}{}", t == 0 ? "true" : "", t);
    for (const std::int64_t n : counts[t]) {
      text += n == 0 ? fmt::format("{:>6}", ".") : fmt::format("{:6}", n);
      all += n;
    }
    text += fmt::format("{:6.1f} %\n", 100.0 * static_cast<double>(counts[t][t]) /
                                           static_cast<double>(std::max<std::int64_t>(all, 1)));
  }
  return text;
}
