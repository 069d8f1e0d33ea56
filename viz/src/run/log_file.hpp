// log_file.hpp: LogFile, a file to which records are appended.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <xgrad/graph/site.hpp>

namespace xgrad::viz {

/// A file that one writer appends to. What `append` has returned from is with the system, which
/// keeps it if the process is killed; after `sync` it also survives a power failure.
class LogFile {
 public:
  /// Opens a file, which is made if it is missing, and locks it against other writers, also of
  /// this process, until it is closed.
  /// @throws IoError  if it cannot be opened, or is locked.
  LogFile(std::string path, Site site);
  ~LogFile();
  LogFile(LogFile&& other) noexcept;
  LogFile& operator=(LogFile&&) = delete;

  /// Cuts off what follows the first `size` bytes. @throws IoError
  void truncate(std::uint64_t size);
  /// Appends all bytes or, if that fails, none. @throws IoError
  void append(std::string_view bytes);
  /// @throws IoError
  void sync();
  /// Lets another writer open the file.
  void close() noexcept;
  std::uint64_t size() const noexcept { return size_; }

 private:
  LogFile(std::string path, Site site, int descriptor) noexcept;
  void check_and_lock();
  [[noreturn]] void fail(const char* what, int error) const;

  std::string path_;
  Site site_;
  int descriptor_;
  std::uint64_t size_ = 0;
};

}  // namespace xgrad::viz
