// not_built.hpp: what the reference files have and the library has not yet: told, never silent.
#pragma once

#include <algorithm>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace xgrad::test {

inline bool is_listed(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Prints the names, once for each file.
inline void tell_not_built(const std::string& file, const std::string& more,
                           const std::vector<std::string>& names) {
  static std::set<std::string> told;
  if (told.insert(file).second)
    std::cout << fmt::format("{}: not built yet: {}, {}\n", file, fmt::join(names, ", "), more);
}

}  // namespace xgrad::test
