// json_text.hpp: strings and numbers as JSON.
#pragma once

#include <string>
#include <string_view>

namespace xgrad::viz {

/// The text between quotes. Bytes that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

/// The shortest number that reads as x; "NaN", "Infinity" and "-Infinity" as strings.
std::string json_number(double x);
/// The same with that many significant digits.
std::string json_number(double x, int digits);

}  // namespace xgrad::viz
