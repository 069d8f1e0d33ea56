#include <xgrad/io/file.hpp>

#include <algorithm>
#include <utility>

#include <fcntl.h>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "descriptor.hpp"

namespace xgrad::io {

InputFile::InputFile(std::filesystem::path path, Site site) : path_(std::move(path)), site_(site) {
  if (path_.native().find('\0') != std::string::npos) fail("the name has a null byte");
  open();
}
InputFile::~InputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}
InputFile::InputFile(InputFile&& other) noexcept
    : path_(std::move(other.path_)),
      site_(other.site_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(std::exchange(other.size_, 0)) {}
InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(site_, other.site_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

void InputFile::fail(std::string_view why) const { detail::fail_path(path_, why, site_); }

// Non-blocking, since opening a FIFO would wait for its writer; regular files do not care.
void InputFile::open() {
  detail::Descriptor file(
      detail::retried([&] { return ::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC); }));
  if (!file.is_open()) fail(fmt::format("cannot be opened: {}", detail::reason()));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail(fmt::format("cannot be read: {}", detail::reason()));
  if (!S_ISREG(status.st_mode))
    fail(fmt::format("is {}; it must be a regular file", detail::kind_of(status.st_mode)));
  size_ = static_cast<std::uint64_t>(status.st_size);
  descriptor_ = file.release();
}

void InputFile::fail_range(std::uint64_t offset, std::uint64_t size) const {
  fail(fmt::format("is truncated: {} bytes at {} are needed, and the file has {}", size, offset,
                   size_));
}

void InputFile::read(std::uint64_t offset, std::span<std::byte> to) const {
  if (offset > size_ || to.size() > size_ - offset) fail_range(offset, to.size());
  while (!to.empty()) {
    const std::size_t count = std::min<std::size_t>(to.size(), 1U << 30);
    const ssize_t got = detail::retried(
        [&] { return ::pread(descriptor_, to.data(), count, static_cast<off_t>(offset)); });
    if (got < 0) fail(fmt::format("cannot be read: {}", detail::reason()));
    if (got == 0) fail("became shorter while it was read");
    offset += static_cast<std::uint64_t>(got);
    to = to.subspan(static_cast<std::size_t>(got));
  }
}

std::string InputFile::read_text(std::uint64_t offset, std::uint64_t size) const {
  if (offset > size_ || size > size_ - offset) fail_range(offset, size);
  std::string text(size, '\0');
  read(offset, std::as_writable_bytes(std::span(text)));
  return text;
}

std::string read_file(const std::filesystem::path& path, Site site) {
  const InputFile file(path, site);
  return file.read_text(0, file.size());
}

}  // namespace xgrad::io
