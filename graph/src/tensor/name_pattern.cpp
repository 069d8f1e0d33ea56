#include <xgrad/graph/name_pattern.hpp>

#include <fnmatch.h>

#include <sstream>

namespace xgrad::detail {

bool matches_pattern(const std::string& name, const std::string& pattern) {
  std::istringstream all(pattern);
  for (std::string one; std::getline(all, one, '|');)
    if (fnmatch(one.c_str(), name.c_str(), 0) == 0) return true;
  return false;
}

}  // namespace xgrad::detail
