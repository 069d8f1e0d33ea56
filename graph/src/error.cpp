#include <xgrad/graph/error.hpp>

#include <fmt/format.h>

namespace xgrad::detail {

std::string located(const std::string& message, Site site) {
  const Site at = OpCall::site_or(site);
  const std::string named = OpCall::named(message);
  return at.file == nullptr ? named : fmt::format("{} (at {}:{})", named, at.file, at.line);
}

}  // namespace xgrad::detail
