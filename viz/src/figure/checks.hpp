// checks.hpp: what the functions of Axes check, and how they report it.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <xgrad/viz/numbers.hpp>

namespace xgrad::viz::detail {

/// Throws unless both have the same number of values.
void check_same_size(const char* function, const char* a_name, std::size_t a, const char* b_name,
                     std::size_t b, Site site);
/// Throws unless the color is empty or "#rrggbb".
void check_color(const char* function, const std::string& color, Site site);
/// Throws unless low <= value <= high.
void check_within(const char* function, const char* name, double value, double low, double high,
                  Site site);
/// Throws unless both are finite and differ.
void check_limits(const char* function, double low, double high, Site site);
/// Throws unless the values are finite and each is above the one before.
void check_rising(const char* function, const char* name, const Numbers& values, Site site);

/// The range of the finite values, with what is given in its place; a range of some width, always.
std::pair<double, double> value_range(const char* function, const std::vector<double>& values,
                                      std::optional<double> low, std::optional<double> high,
                                      Site site);

}  // namespace xgrad::viz::detail
