// input_file.hpp: the bytes of a regular file, decompressed if it is gzipped.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include <xgrad/graph/site.hpp>

namespace xgrad::data::detail {

/// Reads a file from its beginning. Every failure is an IoError that names `op`, the path and the
/// user's line.
class InputFile {
 public:
  /// @throws IoError  if the file cannot be opened, or is a directory, a FIFO or a device.
  InputFile(const char* op, std::string path, Site site);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  /// Fills `to` as far as the file goes and returns the number of bytes read. At the end of a
  /// gzipped file the checksum and the length of each member have been compared.
  /// @throws IoError  if reading fails or the gzip data are damaged or truncated.
  std::size_t read(std::span<unsigned char> to);

  /// All bytes that are left, or the first `most`. Memory grows with what has arrived.
  /// @param check  is called with each part that arrives, to refuse it before more is read.
  /// @throws IoError  as `read`; MemoryError if they do not fit into memory.
  std::string read_rest(std::int64_t most = std::numeric_limits<std::int64_t>::max(),
                        const std::function<void(std::string_view part)>& check = {});

  /// The next bytes, at most so many. Memory grows with what has arrived.
  /// @throws IoError  as `read`; MemoryError if they do not fit into memory.
  std::vector<unsigned char> read_at_most(std::size_t most);

  /// The next `count` bytes. If the file cannot have so many, nothing is allocated.
  /// @throws IoError  as `read`, or if bytes are missing; MemoryError as `read_at_most`.
  std::vector<unsigned char> read_exactly(std::int64_t count);

  /// An upper bound on the bytes still to come, known without reading them.
  std::int64_t most_left() const;

  /// Throws the IoError "op: path `why`".
  [[noreturn]] void fail(const std::string& why) const;
  const std::string& path() const noexcept { return path_; }
  bool is_gzipped() const noexcept { return gzipped_; }
  /// The size of the file itself, in bytes.
  std::int64_t size() const noexcept { return size_; }

 private:
  [[noreturn]] void fail_short(std::int64_t missing, std::int64_t all) const;
  [[noreturn]] void fail_for_memory() const;
  void open();
  bool refill();
  bool is_gzip() const;
  std::size_t copy(std::span<unsigned char> to);
  std::size_t inflate_into(std::span<unsigned char> to);
  bool between_members();

  const char* op_;
  std::string path_;
  Site site_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
  std::int64_t unread_ = 0;  // bytes of the file that are not in buffer_ yet
  std::array<unsigned char, 1 << 15> buffer_;
  z_stream stream_{};  // next_in and avail_in say what is left in buffer_, also of a plain file
  bool gzipped_ = false;
  bool member_open_ = false;  // inside a gzip member, whose trailer is still to come
};

/// The path of a file in a folder, or of the file with .gz behind its name; null if neither is
/// there. One that is there but cannot be looked at is left to the reader, which says why.
std::optional<std::string> find_file(const std::string& folder, const std::string& name);

}  // namespace xgrad::data::detail
