// figure.hpp: Figure, a picture of one plot or of a grid of plots, drawn by gnuplot.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <xgrad/viz/axes.hpp>

namespace xgrad::viz {

struct FigureOptions {
  int width = 0, height = 0;  ///< of the picture, in points; 0 for a size that suits the plots
  std::string title = {};     ///< above all plots
  double scale = 1.5;         ///< pixels of a PNG for each point
};

struct TerminalOptions {
  int columns = 80;  ///< of the terminal
  int lines = 24;    ///< of one row of plots
  /// Sixel graphics by gnuplot; by default where the environment tells of a terminal that has them.
  std::optional<bool> sixel = {};
  bool color = true;  ///< escape sequences for 24-bit colours
};

/// A picture of one plot, or of rows and columns of plots.
///
/// gnuplot draws it: the Debian package gnuplot-nox. The same figure gives the same bytes each time
/// on one machine.
///
///     viz::Figure figure;
///     figure.axes().plot(losses, {.label = "training"}).set_xlabel("epoch").set_ylabel("loss");
///     figure.save("loss.svg");
class Figure {
 public:
  explicit Figure(const FigureOptions& options = {}, Site site = Site::here());
  /// @throws ValueError  unless there are 1 to 64 rows and columns, a size of 0 or 50 to 10000
  ///         points, and a scale of 0.25 to 8.
  Figure(int rows, int columns, const FigureOptions& options = {}, Site site = Site::here());

  Figure(const Figure&) = default;  // a move is a copy, which leaves the other as it is
  Figure& operator=(const Figure&) = default;

  int rows() const noexcept { return rows_; }
  int columns() const noexcept { return columns_; }
  /// The size in points.
  int width() const noexcept { return options_.width; }
  int height() const noexcept { return options_.height; }
  const FigureOptions& options() const noexcept { return options_; }

  /// @throws ValueError  if there is no such row or column.
  Axes& axes(int row = 0, int column = 0, Site site = Site::here());
  const Axes& axes(int row = 0, int column = 0, Site site = Site::here()) const;

  /// The bytes of the picture. @throws IoError  if gnuplot is not installed, or fails.
  std::string png(Site site = Site::here()) const;
  std::string svg(Site site = Site::here()) const;
  /// The picture for a terminal: sixel graphics, or Unicode blocks, for which gnuplot is not
  /// needed.
  /// @throws ValueError  for fewer than 20 columns or 5 lines, or more than 1000.
  std::string to_text(const TerminalOptions& options = {}, Site site = Site::here()) const;
  /// The commands that gnuplot gets, to edit and run by hand, without those that choose the output.
  std::string script() const;

  /// Writes the picture as the ending of the name says: .png, .svg, or .gp for gnuplot's commands.
  /// The file is complete or, if anything fails, as it was before.
  /// @throws ValueError  for another ending; IoError  if gnuplot is missing or writing fails.
  void save(const std::filesystem::path& path, Site site = Site::here()) const;

 private:
  int rows_, columns_;
  FigureOptions options_;
  std::vector<Axes> axes_;
};

}  // namespace xgrad::viz
