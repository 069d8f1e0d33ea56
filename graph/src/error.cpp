#include <xgrad/graph/error.hpp>

#include <fmt/format.h>

namespace xgrad::detail {

std::string located(const std::string& message, Site site) {
  return site.file == nullptr ? message
                              : fmt::format("{} (at {}:{})", message, site.file, site.line);
}

}  // namespace xgrad::detail
