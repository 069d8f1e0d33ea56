// file.hpp: files that are written whole or not at all, and files that are read in parts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <xgrad/graph/site.hpp>

namespace xgrad::io {

/// A file that takes its place when it is complete. Until then, and if the process dies, the file
/// that was there before stays as it was.
///
///     OutputFile file("model.bin");
///     file.write(header);
///     file.write(elements);
///     file.commit();
///
/// The bytes go to a file beside it, `.NAME.PID-NUMBER.tmp`. `commit` syncs that file, renames it
/// and syncs the folder. What a killed process has left behind is removed by the next OutputFile
/// of the same name. A symbolic link is followed; the permissions of an existing file are kept.
class OutputFile {
 public:
  /// @throws IoError  if the folder is missing or not writable, or if the path is that of a folder,
  ///                  a FIFO or a device.
  explicit OutputFile(std::filesystem::path path, Site site = {__builtin_FILE(), __builtin_LINE()});
  /// Without `commit`, removes what was written.
  ~OutputFile();
  OutputFile(OutputFile&&) noexcept;
  OutputFile& operator=(OutputFile&&) noexcept;

  /// Appends bytes. @throws IoError  if the disk is full, for example.
  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  /// The number of bytes written.
  std::uint64_t size() const noexcept;
  /// Puts the file in its place. When this returns, the file survives a power failure.
  /// @throws IoError  if the system fails to; the old file is then still there.
  void commit();

 private:
  struct Open;
  std::unique_ptr<Open> open_;
};

/// Writes a whole file: all of it, or, if anything fails, nothing. See OutputFile.
/// @throws IoError  that names the path and the reason.
void write_file(const std::filesystem::path& path, std::string_view content,
                Site site = {__builtin_FILE(), __builtin_LINE()});

/// A regular file that is read at any position.
class InputFile {
 public:
  /// @throws IoError  if the file is missing or cannot be read, or if it is a folder, a FIFO or a
  ///                  device.
  explicit InputFile(std::filesystem::path path, Site site = {__builtin_FILE(), __builtin_LINE()});
  ~InputFile();
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;

  const std::filesystem::path& path() const noexcept { return path_; }
  /// The size in bytes when it was opened.
  std::uint64_t size() const noexcept { return size_; }
  /// Fills `to` with the bytes from `offset` on. Several threads can read at once.
  /// @throws IoError  if the file has fewer bytes, or if reading fails.
  void read(std::uint64_t offset, std::span<std::byte> to) const;
  /// `size` bytes from `offset` on, as text. @throws IoError  as `read`; nothing is allocated then.
  std::string read_text(std::uint64_t offset, std::uint64_t size) const;
  /// Throws the IoError "PATH: WHY", with the caller's op and line.
  [[noreturn]] void fail(std::string_view why) const;

 private:
  void open();
  [[noreturn]] void fail_range(std::uint64_t offset, std::uint64_t size) const;

  std::filesystem::path path_;
  Site site_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

/// The content of a file. @throws IoError  as InputFile.
std::string read_file(const std::filesystem::path& path,
                      Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad::io
