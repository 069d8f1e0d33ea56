#include <xgrad/viz/confusion_matrix.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/format.hpp>

#include "checks.hpp"

namespace xgrad::viz {
namespace {

constexpr std::int64_t most_classes_with_counts = 30;

void check(const Tensor& counts, const Numbers& elements, Site site) {
  if (counts.dim() != 2 || counts.size(0) != counts.size(1) || counts.size(0) < 1)
    throw ShapeError(fmt::format("confusion_matrix: the counts are {}; they must be (classes, "
                                 "classes)",
                                 to_string(counts.shape())),
                     site);
  for (const double n : elements)
    if (!(n >= 0 && std::isfinite(n)))
      throw ValueError(
          fmt::format("confusion_matrix: a count is {}; it must be finite and at least 0", n),
          site);
}

// What share of its row each count is; 0 in rows of nothing.
std::vector<double> shares_of_rows(const Numbers& counts, std::int64_t classes) {
  std::vector<double> shares;
  const auto n = static_cast<std::size_t>(classes);
  for (std::size_t row = 0; row < n; ++row) {
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k) sum += counts[row * n + k];
    for (std::size_t k = 0; k < n; ++k) shares.push_back(sum == 0 ? 0 : counts[row * n + k] / sum);
  }
  return shares;
}

std::vector<std::string> names_of(const ConfusionMatrixOptions& options, std::int64_t classes) {
  if (!options.classes.empty()) return options.classes;
  std::vector<std::string> names;
  for (std::int64_t k = 0; k < classes; ++k) names.push_back(std::to_string(k));
  return names;
}

void write_counts(Axes& axes, const Numbers& counts, const std::vector<double>& shares,
                  std::int64_t classes) {
  const double size = classes <= 12 ? 0.9 : 0.55;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i) / classes;
    const auto column = static_cast<std::int64_t>(i) % classes;
    axes.text(
        static_cast<double>(column), static_cast<double>(row), fmt::format("{:.6g}", counts[i]),
        {.color = shares[i] > 0.6 ? "#000000" : "#ffffff", .align = Align::center, .size = size});
  }
}

}  // namespace

Figure confusion_matrix(const Tensor& counts, const ConfusionMatrixOptions& options, Site site) {
  check_defined("confusion_matrix", "the counts", counts, site);
  const Numbers elements(counts);
  check(counts, elements, site);
  const std::int64_t classes = counts.size(0);
  const std::vector<std::string> names = names_of(options, classes);
  const std::vector<double> shares = shares_of_rows(elements, classes);
  Figure figure({.width = 600, .height = 540});
  Axes& axes = figure.axes();
  axes.heatmap(tensor(shares).reshape({classes, classes}),
               {.low = 0, .high = 1, .rows = names, .columns = names}, site);
  if (classes <= most_classes_with_counts) write_counts(axes, elements, shares, classes);
  axes.set_title(options.title).set_xlabel("predicted class").set_ylabel("true class");
  return figure;
}

Figure confusion_matrix(const metrics::ConfusionMatrix& metric,
                        const ConfusionMatrixOptions& options, Site site) {
  return confusion_matrix(metric.compute(), options, site);
}

}  // namespace xgrad::viz
