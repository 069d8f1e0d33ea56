// report.hpp: write_report, one page for several runs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <xgrad/graph/site.hpp>

namespace xgrad::viz {

struct ReportOptions {
  std::string title = {};  ///< by default the run's name, or the number of runs
};

/// Writes the report of one or several runs, side by side, as one HTML page that works offline.
/// The program `xgrad_report` does the same.
///
/// Of each series, the page has what a screen can show. Series of more than 512 steps are divided
/// into up to 512 buckets of the same number of steps; the page has the first, last, smallest and
/// largest point of each bucket, and its mean for smoothing (M4, Jugel et al., VLDB 2014). It has
/// up to 64 histograms, 16 images and 64 texts of each name, spread evenly, with the last one.
///
/// @param folders  those that Runs have written, also of runs that are still going on.
/// @param file     the page, which is replaced as a whole.
/// @throws ValueError  if there are no folders. IoError  if a folder has no log, if a log is of a
///                     later version of xgrad, or if the page cannot be written.
void write_report(const std::vector<std::filesystem::path>& folders,
                  const std::filesystem::path& file, const ReportOptions& options = {},
                  Site site = Site::here());

}  // namespace xgrad::viz
