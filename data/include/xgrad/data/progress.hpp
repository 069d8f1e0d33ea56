// progress.hpp: how far a loop is, in a line of text.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xgrad/graph/strict.hpp>

namespace xgrad::data {

struct ProgressOptions {
  std::string unit = "samples";
  std::optional<bool> terminal = {};  ///< whether the line is redrawn; by default, if the output is
                                      ///< a terminal. A stream is none
  double refresh = 0.1;               ///< seconds between drawings in a terminal
  double line_every = 30;             ///< seconds between lines elsewhere
  int width = 0;  ///< columns; 0 asks the terminal, which has 80 if it is silent
  std::function<double()> clock = {};  ///< seconds from any moment; by default the steady clock's
};

/// A line that says how much is done, how fast, how long it will take, and what was measured:
///
///     data::Progress progress("epoch 1/5", samples);
///     for (auto [x, y] : loader) {
///       ...
///       progress.set("loss", loss.item<double>());
///       progress.add(x.size(0));
///     }
///     progress.finish();
///
///     epoch 1/5 [#############                 ]  45 %  51234 samples/s, 0:12 left, loss 0.2513
///
/// In a terminal the line is redrawn; elsewhere, as in a log, it is written anew from time to time.
/// Nothing else in the library prints. What cannot be written is lost without an error.
class Progress {
 public:
  /// To stdout. @param total  how much there is to do; 0 if that is unknown.
  Progress(std::string label, Count total, ProgressOptions options = {});
  Progress(std::FILE* file, std::string label, Count total, ProgressOptions options = {});
  Progress(std::ostream& stream, std::string label, Count total, ProgressOptions options = {});
  /// Ends a line that was begun.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Counts what was done, and shows the line if it is time.
  void add(std::int64_t count = 1);
  /// A number to show, with 4 digits, or a text. The last of each name counts.
  void set(std::string_view name, double value);
  void set(std::string_view name, std::string_view text);
  /// Ends the line, with what was set or with another text, the mean rate and the time that it
  /// took. Later calls of any member do nothing.
  void finish(std::string_view text = {});

  std::int64_t done() const noexcept { return done_; }
  /// Since the construction.
  double seconds() const;

 private:
  using Write = std::function<void(std::string_view)>;
  Progress(Write write, bool terminal, int width, std::string label, std::int64_t total,
           ProgressOptions options);
  std::string rate() const;
  std::string values() const;
  std::string line() const;
  void show(std::string text);

  Write write_;
  bool terminal_;
  std::size_t width_;
  std::string label_;
  std::int64_t total_, done_ = 0;
  ProgressOptions options_;
  double start_, shown_;
  std::size_t columns_ = 0;  // of the line that stands in the terminal
  bool finished_ = false;
  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace xgrad::data
