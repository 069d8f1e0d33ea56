// checks.hpp: what functions that draw check of their arguments, and how they report it.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <xgrad/viz/numbers.hpp>

namespace xgrad::viz {

[[noreturn]] void throw_not_callable(const char* function, const char* name, Site site);

/// Throws a GraphError if a tensor is undefined. @param name  what it is, as "the weight".
void check_defined(const char* function, const char* name, const Tensor& tensor, Site site);
/// Throws unless both have the same number of values.
void check_same_size(const char* function, const char* a_name, std::size_t a, const char* b_name,
                     std::size_t b, Site site);
/// Throws unless the color is empty or "#rrggbb".
void check_color(const char* function, const std::string& color, Site site);
/// Throws unless low <= value <= high.
void check_within(const char* function, const char* name, double value, double low, double high,
                  Site site);
/// Throws unless both are finite, at most 1e300 in size, and differ.
void check_limits(const char* function, double low, double high, Site site);
/// Throws unless the values are finite and each is above the one before.
void check_rising(const char* function, const char* name, const Numbers& values, Site site);

/// Throws if a std::function is empty.
template <class Function>
void check_callable(const char* function, const char* name, const Function& f, Site site) {
  if (!f) throw_not_callable(function, name, site);
}

/// The range of the finite values, with what is given in its place; a range of some width, always.
std::pair<double, double> value_range(const char* function, const std::vector<double>& values,
                                      std::optional<double> low, std::optional<double> high,
                                      Site site);

}  // namespace xgrad::viz
