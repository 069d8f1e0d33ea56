#include <xgrad/nn/load_report.hpp>

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

namespace xgrad::nn {

std::string to_string(const LoadReport& report) {
  std::string text = fmt::format("{} tensors loaded\n", report.loaded);
  const auto add_list = [&](const char* title, const auto& list, const auto& line) {
    if (list.empty()) return;
    text += title;
    for (const auto& one : list) text += "  " + line(one) + "\n";
  };
  const auto similar = [&](const std::string& key) {
    const auto at = std::find_if(report.similar_keys.begin(), report.similar_keys.end(),
                                 [&](const auto& one) { return one.missing == key; });
    return at == report.similar_keys.end() ? key
                                           : fmt::format("{} (closest: {})", key, at->unexpected);
  };
  add_list("Missing key(s) in state_dict:\n", report.missing_keys, similar);
  add_list("Unexpected key(s) in state_dict:\n", report.unexpected_keys,
           [](const std::string& key) { return key; });
  add_list("Size or dtype mismatch for:\n", report.mismatched_keys, [](const auto& one) {
    return fmt::format("{}: expected {}, found {}", one.key, one.expected, one.found);
  });
  return text;
}

std::ostream& operator<<(std::ostream& out, const LoadReport& report) {
  return out << to_string(report);
}

}  // namespace xgrad::nn
