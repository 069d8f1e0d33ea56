// descriptor.hpp: what reading and writing files by descriptors has in common.
#pragma once

#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include <xgrad/graph/site.hpp>

namespace xgrad::io::detail {

/// What the last system call failed of.
inline std::string reason() { return std::generic_category().message(errno); }

/// What stands at a path that is no regular file.
const char* kind_of(mode_t mode) noexcept;

/// Throws the IoError "PATH: WHY".
[[noreturn]] void fail_path(const std::filesystem::path& path, std::string_view why, Site site);

/// Calls f until no signal interrupts it.
template <class F>
auto retried(F f) {
  auto result = f();
  while (result < 0 && errno == EINTR) result = f();
  return result;
}

/// A file descriptor, closed at the end.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  bool is_open() const noexcept { return number_ >= 0; }
  int get() const noexcept { return number_; }
  int release() noexcept { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

}  // namespace xgrad::io::detail
