#include <xgrad/data/progress.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ostream>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace xgrad::data {
namespace {

constexpr std::size_t bar_width = 30;

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool is_terminal(std::FILE* file) { return isatty(fileno(file)) != 0; }

int width_of(std::FILE* file) {
  winsize size{};
  return ioctl(fileno(file), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// "7 s", "2:05", "1:02:03".
std::string duration(double seconds) {
  const auto s = static_cast<std::int64_t>(std::ceil(std::min(seconds, 1e15)));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{}:{:02}", s / 60, s % 60);
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

// A line that is wider than the terminal would not be overwritten by the next.
void cut(std::string& text, std::size_t columns) {
  for (std::size_t i = 0, seen = 0; i < text.size(); ++i)
    if (begins_character(text[i]) && seen++ == columns) return text.resize(i);
}

}  // namespace

Progress::Progress(std::string label, Count total, ProgressOptions options)
    : Progress(stdout, std::move(label), total, std::move(options)) {}

Progress::Progress(std::FILE* file, std::string label, Count total, ProgressOptions options)
    : Progress(
          [file](std::string_view text) {
            std::fwrite(text.data(), 1, text.size(), file);
            std::fflush(file);
          },
          options.terminal.value_or(is_terminal(file)), width_of(file), std::move(label), total,
          std::move(options)) {}

Progress::Progress(std::ostream& stream, std::string label, Count total, ProgressOptions options)
    : Progress([&stream](std::string_view text) { stream << text << std::flush; },
               options.terminal.value_or(false), 0, std::move(label), total, std::move(options)) {}

Progress::Progress(Write write, bool terminal, int width, std::string label, std::int64_t total,
                   ProgressOptions options)
    : write_(std::move(write)),
      terminal_(terminal),
      label_(std::move(label)),
      total_(total),
      options_(std::move(options)) {
  if (options_.width > 0) width = options_.width;
  width_ = static_cast<std::size_t>(width > 1 ? width : 80);
  if (!options_.clock) options_.clock = steady_seconds;
  start_ = shown_ = options_.clock();
}

Progress::~Progress() {
  try {
    if (columns_ > 0) write_("\n");
  } catch (...) {  // a stream that throws
  }
}

double Progress::seconds() const { return std::max(1e-9, options_.clock() - start_); }

void Progress::add(std::int64_t count) {
  if (finished_) return;
  done_ += count;
  const double now = options_.clock();
  if (now - shown_ < (terminal_ ? options_.refresh : options_.line_every)) return;
  shown_ = now;
  show(line());
}

void Progress::set(std::string_view name, double value) {
  set(name, std::string_view(fmt::format("{:.4g}", value)));
}

void Progress::set(std::string_view name, std::string_view text) {
  const auto at = std::find_if(values_.begin(), values_.end(),
                               [&](const auto& value) { return value.first == name; });
  if (at == values_.end())
    values_.emplace_back(name, text);
  else
    at->second = text;
}

void Progress::finish(std::string_view text) {
  if (finished_) return;
  finished_ = true;
  const std::string shown = text.empty() ? values() : std::string(text);
  show(fmt::format("{} {}{}({}, {})", label_, shown, shown.empty() ? "" : " ", rate(),
                   duration(seconds())));
  if (columns_ > 0) write_("\n");
  columns_ = 0;
}

std::string Progress::rate() const {
  const double rate = static_cast<double>(done_) / seconds();
  return rate < 100 ? fmt::format("{:.3g} {}/s", rate, options_.unit)
                    : fmt::format("{:.0f} {}/s", rate, options_.unit);
}

// "loss 0.25, accuracy 0.97".
std::string Progress::values() const {
  std::string text;
  for (const auto& [name, value] : values_)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value);
  return text;
}

std::string Progress::line() const {
  std::string text = label_;
  if (total_ > 0) {
    const double share =
        std::clamp(static_cast<double>(done_) / static_cast<double>(total_), 0., 1.);
    const auto filled = static_cast<std::size_t>(bar_width * share);
    if (terminal_) text += fmt::format(" [{:<{}}]", std::string(filled, '#'), bar_width);
    text += fmt::format(" {:3.0f} %  {}", std::floor(100 * share), rate());
    if (done_ > 0)
      text += fmt::format(", {} left", duration(seconds() * (1 - share) / std::max(share, 1e-12)));
  } else {
    text += fmt::format(" {} {}, {}, {}", done_, options_.unit, rate(), duration(seconds()));
  }
  return values_.empty() ? text : text + ", " + values();
}

void Progress::show(std::string text) {
  if (!terminal_) return write_(text + "\n");
  cut(text, width_ - 1);
  const std::size_t columns = columns_of(text);
  const std::size_t rest = columns_ > columns ? columns_ - columns : 0;
  write_("\r" + text + std::string(rest, ' '));
  columns_ = std::max(columns, std::size_t{1});
}

}  // namespace xgrad::data
