#include "descriptor.hpp"

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::io::detail {

const char* kind_of(mode_t mode) noexcept {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

void fail_path(const std::filesystem::path& path, std::string_view why, Site site) {
  throw IoError(fmt::format("{}: {}", path.c_str(), why), site);
}

}  // namespace xgrad::io::detail
