// zip.hpp: zip archives, which .npz and .pt files are (PKWARE's APPNOTE.TXT 6.3.9).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "elements.hpp"

namespace xgrad::io::detail {

struct ZipEntry {
  std::string name;
  bool deflated = false;
  std::uint32_t crc = 0;
  std::uint64_t compressed = 0, size = 0;  // bytes in the file, and when inflated
  std::uint64_t header = 0, data = 0;      // offsets of the local header and of the bytes
};

/// A member's bytes, inflated. Never more than the entry says.
class ZipMember final : public ByteSource {
 public:
  ZipMember(const InputFile& file, const ZipEntry& entry);
  ~ZipMember() override;
  ZipMember(const ZipMember&) = delete;
  ZipMember& operator=(const ZipMember&) = delete;

  void read(std::span<std::byte> to) override;
  /// Reads the rest as text.
  std::string read_text();
  std::uint64_t left() const noexcept { return entry_.size - done_; }
  /// Checks that all has been read, that no more follows, and the checksum. @throws IoError.
  void finish();
  Place place() const;

 private:
  struct Inflater;
  const InputFile& file_;
  const ZipEntry& entry_;
  std::uint64_t done_ = 0;
  std::uint32_t crc_ = 0;
  std::unique_ptr<Inflater> inflater_;  // of a deflated member
};

/// The members of an archive. The file must outlive it.
class ZipArchive {
 public:
  /// Reads the directory and checks that each member lies within the file, that none overlap, that
  /// no name occurs twice, and that sizes are possible.
  /// @throws IoError  that names the file, the member and what is wrong.
  explicit ZipArchive(const InputFile& file);
  /// Whether a file starts as archives do.
  static bool starts(const InputFile& file);

  const std::vector<ZipEntry>& entries() const noexcept { return entries_; }
  /// Null if there is none.
  const ZipEntry* find(std::string_view name) const noexcept;
  const InputFile& file() const noexcept { return file_; }

 private:
  const InputFile& file_;
  std::vector<ZipEntry> entries_;
  std::map<std::string_view, const ZipEntry*> by_name_;
};

}  // namespace xgrad::io::detail
