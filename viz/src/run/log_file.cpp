#include "run/log_file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::viz {
namespace {

// A system call that a signal interrupted is made again.
template <class Call>
auto retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

int open_log(const std::string& path) {
  constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK;
  return retried([&] { return ::open(path.c_str(), flags, 0666); });
}

}  // namespace

LogFile::LogFile(std::string path, Site site, int descriptor) noexcept
    : path_(std::move(path)), site_(site), descriptor_(descriptor) {}

// The constructor that it calls has made the object, so the file is closed if this one throws.
LogFile::LogFile(std::string path, Site site) : LogFile(path, site, open_log(path)) {
  if (descriptor_ < 0) fail("cannot be opened", errno);
  check_and_lock();
}

LogFile::~LogFile() { close(); }

void LogFile::close() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

LogFile::LogFile(LogFile&& other) noexcept
    : path_(std::move(other.path_)),
      site_(other.site_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

void LogFile::check_and_lock() {
  struct stat status {};
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0)
    fail("is being written by another Run; use another folder, or close that one", 0);
  if (::fstat(descriptor_, &status) != 0) fail("cannot be read", errno);
  if (!S_ISREG(status.st_mode)) fail("is no regular file", 0);
  size_ = static_cast<std::uint64_t>(status.st_size);
}

void LogFile::fail(const char* what, int error) const {
  const std::string reason = error == 0 ? "" : ": " + std::generic_category().message(error);
  throw IoError(fmt::format("{}: {}{}", path_, what, reason), site_);
}

void LogFile::truncate(std::uint64_t size) {
  if (retried([&] { return ::ftruncate(descriptor_, static_cast<off_t>(size)); }) != 0)
    fail("cannot be shortened", errno);
  size_ = size;
}

void LogFile::append(std::string_view bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto wrote =
        retried([&] { return ::write(descriptor_, bytes.data() + done, bytes.size() - done); });
    if (wrote < 0) {
      const int error = errno;
      if (done > 0) truncate(size_);
      fail("cannot be written", error);
    }
    done += static_cast<std::size_t>(wrote);
  }
  size_ += bytes.size();
}

void LogFile::sync() {
  if (retried([&] { return ::fsync(descriptor_); }) != 0) fail("cannot be synced", errno);
}

}  // namespace xgrad::viz
