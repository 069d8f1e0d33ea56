// zip_writer.hpp: writes zip archives, with zip64 where sizes need it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <xgrad/io/file.hpp>

namespace xgrad::io::detail {

class ZipWriter {
 public:
  /// @param zip64_from  from which size or offset on 64 bits are written.
  explicit ZipWriter(OutputFile& file, std::uint64_t zip64_from = 0xffffffff)
      : file_(file), zip64_from_(zip64_from) {}

  /// Appends a member of a header and its elements. @throws ValueError  if the name is too long.
  void add(const std::string& name, std::string_view header, std::span<const std::byte> elements,
           bool compress);
  /// Writes the directory.
  void finish();

 private:
  struct Member {
    std::uint64_t compressed, size, offset;
    std::uint32_t crc;
    bool deflated;
  };
  bool is_large(std::uint64_t number) const { return number >= zip64_from_; }
  std::uint32_t short_form(std::uint64_t number) const {
    return is_large(number) ? 0xffffffff : static_cast<std::uint32_t>(number);
  }
  void write_local(const std::string& name, const Member& member);
  void add_to_directory(const std::string& name, const Member& member);
  void write_end64(std::uint64_t start, std::uint64_t size);

  OutputFile& file_;
  std::uint64_t zip64_from_;
  std::string directory_;
  std::uint64_t members_ = 0;
};

}  // namespace xgrad::io::detail
