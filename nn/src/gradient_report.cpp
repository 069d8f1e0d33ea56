#include <xgrad/nn/gradient_report.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/grad_mode.hpp>

namespace xgrad {
namespace {

struct Row {
  std::string name;
  bool defined = false, finite = true;
  double mean = 0, largest = 0, norm = 0, zeros = 0, own_norm = 0;
  std::vector<std::int64_t> dead;
  std::int64_t units = 0;
};

double norm_of(const Tensor& t) {
  const Tensor elements = t.detach().to(float64);
  double squares = 0;
  for (const double x : elements.span<double>()) squares += x * x;
  return std::sqrt(squares);
}

std::vector<std::int64_t> dead_units(const Tensor& g) {
  std::vector<std::int64_t> dead;
  const std::int64_t units = g.size(0), each = units == 0 ? 0 : g.numel() / units;
  for (std::int64_t u = 0; u < units && each > 0; ++u) {
    const double* const first = g.data<double>() + u * each;
    if (std::all_of(first, first + each, [](double x) { return x == 0; })) dead.push_back(u);
  }
  return dead;
}

Row row_of(const NamedTensor& parameter) {
  Row row;
  row.name = parameter.name;
  const Tensor gradient = parameter.tensor.grad();
  if (!gradient.defined()) return row;
  const NoGrad guard;
  const Tensor g = gradient.detach().to(float64);
  const auto n = static_cast<double>(std::max<std::int64_t>(1, g.numel()));
  row.defined = true;
  row.norm = norm_of(g);
  row.own_norm = norm_of(parameter.tensor);
  for (const double x : g.span<double>()) {
    row.finite = row.finite && std::isfinite(x);
    row.mean += std::abs(x) / n;
    row.zeros += x == 0 ? 1 / n : 0;
    row.largest = std::max(row.largest, std::abs(x));
  }
  if (g.dim() < 2) return row;
  row.units = g.size(0);
  row.dead = dead_units(g);
  return row;
}

std::string remarks(const Row& row, double largest_mean, const GradientReportOptions& o) {
  if (!row.defined) return "no gradient";
  if (!row.finite) return "not finite";
  std::vector<std::string> all;
  if (row.norm == 0)
    all.emplace_back("zero");
  else if (row.mean < o.vanishing * largest_mean)
    all.emplace_back("vanishing");
  if (row.own_norm > 0 && row.norm > o.exploding * row.own_norm) all.emplace_back("exploding");
  if (!row.dead.empty()) {
    const auto shown = std::min<std::size_t>(row.dead.size(), 8);
    all.push_back(fmt::format("{} of {} units dead: {}{}", row.dead.size(), row.units,
                              fmt::join(row.dead.begin(), row.dead.begin() + shown, ", "),
                              shown < row.dead.size() ? ", ..." : ""));
  }
  return fmt::format("{}", fmt::join(all, "; "));
}

std::string line(const Row& row, std::size_t width, double largest_mean,
                 const GradientReportOptions& o) {
  std::string text = row.defined
                         ? fmt::format("{:<{}} {:>10.3e} {:>10.3e} {:>10.3e} {:>6.1f} %  {}",
                                       row.name, width, row.mean, row.largest, row.norm,
                                       100 * row.zeros, remarks(row, largest_mean, o))
                         : fmt::format("{:<{}} {:>10} {:>10} {:>10} {:>8}  {}", row.name, width,
                                       "-", "-", "-", "-", remarks(row, largest_mean, o));
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

}  // namespace

std::string gradient_report(const nn::Module& module, const GradientReportOptions& o) {
  std::vector<Row> rows;
  double largest_mean = 0;
  std::size_t width = 9;
  for (const NamedTensor& parameter : module.named_parameters()) {
    rows.push_back(row_of(parameter));
    if (rows.back().finite) largest_mean = std::max(largest_mean, rows.back().mean);
    width = std::max(width, rows.back().name.size());
  }
  std::string text = fmt::format("{:<{}} {:>10} {:>10} {:>10} {:>8}\n", "parameter", width,
                                 "mean size", "largest", "norm", "zeros");
  const std::size_t half = o.max_rows / 2;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows.size() > o.max_rows && i == half) {
      text += fmt::format("... {} more\n", rows.size() - 2 * half);
      i = rows.size() - half;
    }
    if (i < rows.size()) text += line(rows[i], width, largest_mean, o);
  }
  return text;
}

}  // namespace xgrad
