#include "differential/accepted.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <regex>

namespace xgrad::test {
namespace {

Accepted row_from(const Json& j) {
  Accepted row;
  const Json& ops = j.at("op");
  row.ops =
      ops.is_array() ? ops.get<std::vector<std::string>>() : std::vector{ops.get<std::string>()};
  row.difference = j.at("difference").get<std::string>();
  row.call = j.value("call", "");
  row.relative = j.value("relative", 0.0);
  row.reason = j.at("reason").get<std::string>();
  return row;
}
bool matches(const std::string& pattern, const std::string& text) {
  return pattern.empty() || std::regex_search(text, std::regex(pattern));
}

// "..., ours 1.5, theirs 1.25"
bool is_within(double relative, const std::string& difference) {
  const std::size_t ours = difference.rfind("ours "), theirs = difference.rfind("theirs ");
  if (ours == std::string::npos || theirs == std::string::npos) return false;
  const double x = std::strtod(difference.c_str() + ours + 5, nullptr);
  const double y = std::strtod(difference.c_str() + theirs + 7, nullptr);
  return std::abs(x - y) <= relative * std::abs(y);
}

}  // namespace

const std::vector<Accepted>& accepted_differences() {
  static const std::vector<Accepted> all = [] {
    std::vector<Accepted> rows;
    for (const Json& j : read_json(XGRAD_TEST_DIFFERENTIAL "/accepted.json"))
      rows.push_back(row_from(j));
    return rows;
  }();
  return all;
}

int accepted_by(const std::string& op, const std::string& difference, const std::string& call) {
  const std::vector<Accepted>& all = accepted_differences();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<std::string>& ops = all[i].ops;
    const bool is_of = ops[0] == "*" || std::find(ops.begin(), ops.end(), op) != ops.end();
    const bool is_near = all[i].relative == 0 || is_within(all[i].relative, difference);
    if (is_of && is_near && matches(all[i].difference, difference) && matches(all[i].call, call))
      return static_cast<int>(i);
  }
  return -1;
}

}  // namespace xgrad::test
