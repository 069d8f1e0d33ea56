#include "similar_names.hpp"

#include <algorithm>
#include <numeric>

namespace xgrad::nn::detail {
namespace {

bool ends_with_name(std::string_view name, std::string_view part) {
  return name.size() > part.size() && name.ends_with(part) &&
         name[name.size() - part.size() - 1] == '.';
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] != b[j] ? 1 : 0);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string most_similar(const std::string& name, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t least = name.size() / 3 + 1;
  for (const std::string& one : candidates) {
    if (ends_with_name(one, name) || ends_with_name(name, one)) return one;
    const std::size_t shorter = std::min(one.size(), name.size());
    if (std::max(one.size(), name.size()) - shorter >= least) continue;
    if (const std::size_t distance = edit_distance(name, one); distance < least) {
      least = distance;
      best = one;
    }
  }
  return best;
}

}  // namespace xgrad::nn::detail
