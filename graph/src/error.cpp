#include <xgrad/graph/error.hpp>

#include <fmt/format.h>

namespace xgrad {

MemoryError::MemoryError(std::string_view message, Site site) noexcept : Error(site), message_{} {
  const auto at = site.file == nullptr
                      ? fmt::format_to_n(message_.data(), message_.size() - 1, "{}", message)
                      : fmt::format_to_n(message_.data(), message_.size() - 1, "{} (at {}:{})",
                                         message, site.file, site.line);
  *at.out = '\0';
}

}  // namespace xgrad

namespace xgrad::detail {

std::string located(const std::string& message, Site site) {
  const Site at = OpCall::site_or(site);
  const std::string named = OpCall::named(message);
  return at.file == nullptr ? named : fmt::format("{} (at {}:{})", named, at.file, at.line);
}

}  // namespace xgrad::detail
