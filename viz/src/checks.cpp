#include "checks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::viz {
namespace {

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

void throw_not_callable(const char* function, const char* name, Site site) {
  throw ValueError(
      fmt::format("{}: {} is an empty function; pass one that can be called, such as a "
                  "lambda",
                  function, name),
      site);
}

void check_defined(const char* function, const char* name, const Tensor& tensor, Site site) {
  if (tensor.defined()) return;
  throw GraphError(
      fmt::format("{}: {} is an undefined tensor; pass one that has a value", function, name),
      site);
}

void check_same_size(const char* function, const char* a_name, std::size_t a, const char* b_name,
                     std::size_t b, Site site) {
  if (a == b) return;
  throw ShapeError(fmt::format("{}: {} has {} values and {} has {}; they must be as many", function,
                               a_name, a, b_name, b),
                   site);
}

void check_color(const char* function, const std::string& color, Site site) {
  if (color.empty()) return;
  if (color.size() == 7 && color[0] == '#' && std::all_of(color.begin() + 1, color.end(), is_hex))
    return;
  throw ValueError(fmt::format("{}: '{}' is not a color; write it as \"#rrggbb\"", function, color),
                   site);
}

void check_within(const char* function, const char* name, double value, double low, double high,
                  Site site) {
  if (value >= low && value <= high) return;
  throw ValueError(
      fmt::format("{}: {} is {}; it must be in [{}, {}]", function, name, value, low, high), site);
}

void check_limits(const char* function, double low, double high, Site site) {
  if (std::abs(low) <= 1e300 && std::abs(high) <= 1e300 && low != high) return;
  throw ValueError(fmt::format("{}: the limits are {} and {}; they must differ, and be finite and "
                               "at most 1e300 in size",
                               function, low, high),
                   site);
}

void check_rising(const char* function, const char* name, const Numbers& values, Site site) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i]) && (i == 0 || values[i] > values[i - 1])) continue;
    throw ValueError(fmt::format("{}: {}[{}] is {}; the values must be finite and rise", function,
                                 name, i, values[i]),
                     site);
  }
}

std::pair<double, double> value_range(const char* function, const std::vector<double>& values,
                                      std::optional<double> low, std::optional<double> high,
                                      Site site) {
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    least = std::min(least, v);
    most = std::max(most, v);
  }
  if (least > most) least = 0, most = 1;
  least = low.value_or(least);
  most = high.value_or(most);
  check_limits(function, low.value_or(0), high.value_or(low.value_or(0) + 1), site);
  if (low && high && *low > *high)
    throw ValueError(
        fmt::format("{}: low is {} and high is {}; low must be below high", function, *low, *high),
        site);
  if (most - least <= 1e-12 * std::max(std::abs(least), std::abs(most)) || !(most > least))
    most = least + std::max(1.0, 0.5 * std::abs(least));
  return {least, most};
}

}  // namespace xgrad::viz
