#include "run/json_text.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace xgrad::viz {
namespace {

std::string special(double x) {
  return std::isnan(x) ? R"("NaN")" : x > 0 ? R"("Infinity")" : R"("-Infinity")";
}

}  // namespace

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_number(double x) { return std::isfinite(x) ? fmt::format("{}", x) : special(x); }

std::string json_number(double x, int digits) {
  return std::isfinite(x) ? fmt::format("{:.{}g}", x, digits) : special(x);
}

}  // namespace xgrad::viz
